import { expect, test } from '@jest/globals';
import { MailHosts } from './hosts.js';

const hosts = new MailHosts(['Mail.Internal', '127.0.0.1']);
const refused = expect.objectContaining({ code: 'mail_host_refused', retryable: false }) as unknown as Error;

test.each([
  '10.0.0.5', '192.168.1.1', '172.16.0.1', '169.254.169.254', '100.64.0.1', '127.0.0.2', '0.0.0.0', '::1', '[::1]', 'fd00::1', 'fe80::1', '::ffff:127.0.0.1',
  '64:ff9b::7f00:1', 'localhost',
])('%s is not gone to', async (host) => {
  await expect(hosts.reach({ host, port: 993, security: 'tls' })).rejects.toEqual(refused);
});

test.each([[993, 'tls', '8.8.8.8'], [587, 'starttls', '2001:4860:4860::8888']] as const)('port %s by %s of a public host is', async (port, security, host) => {
  expect(await hosts.reach({ host, port, security })).toBe(host);
});

test('a port that is none of mail, and a password in clear, are for hosts of the operator only', async () => {
  await expect(hosts.reach({ host: '8.8.8.8', port: 6379, security: 'tls' })).rejects.toEqual(refused);
  await expect(hosts.reach({ host: '8.8.8.8', port: 143, security: 'none' })).rejects.toEqual(refused);
  expect(await hosts.reach({ host: '127.0.0.1', port: 6379, security: 'none' })).toBe('127.0.0.1');
});
