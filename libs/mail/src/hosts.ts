import { lookup } from 'node:dns/promises';
import net from 'node:net';
import { HubError } from '@throughline/kernel/errors.js';
import ipaddr from 'ipaddr.js';

/** Where a mail server listens, and how the way there is protected. */
export interface MailServer {
  host: string;
  port: number;
  /** `none` only to hosts that the operator has allowed: a password would travel in clear. */
  security: 'tls' | 'starttls' | 'none';
  user: string;
  password: string;
}

/** Ports of IMAP and of mail submission. Others on the Internet are no mail servers, and nobody shall look for them through us. */
const PORTS: ReadonlySet<number> = new Set([25, 143, 465, 587, 993, 2525]);

/**
 * Decides which hosts are gone to. Whoever sets up a mailbox need not be the operator, so a name that leads into our own network
 * is refused, after it was resolved; and the connection is made to just the address that was looked at.
 */
export class MailHosts {
  private readonly allowed: ReadonlySet<string>;

  /** @param allowed names and addresses of mail servers in private networks, as they are written in a mailbox's settings */
  constructor(allowed: readonly string[]) {
    this.allowed = new Set(allowed.map((host) => host.toLowerCase()));
  }

  /**
   * @returns the address to connect to
   * @throws HubError `mail_host_refused`; `mail_host_unknown` where another try may succeed
   */
  async reach({ host, port, security }: Pick<MailServer, 'host' | 'port' | 'security'>): Promise<string> {
    const trusted = this.allowed.has(host.toLowerCase());
    if (!trusted && security === 'none') throw refused(host, 'without TLS only hosts in MAIL_PRIVATE_HOSTS are reached');
    if (!trusted && !PORTS.has(port)) throw refused(host, `${port} is no port of mail servers`);
    const address = await resolved(host);
    if (!trusted && !isPublic(address)) throw refused(host, 'it is in a private network');
    return address;
  }
}

async function resolved(host: string): Promise<string> {
  const bare = host.replace(/^\[(.*)\]$/, '$1');
  if (net.isIP(bare)) return bare;
  try {
    return (await lookup(bare)).address;
  } catch (error) {
    throw new HubError('unavailable', 'mail_host_unknown', `The name ${host} does not resolve.`, { cause: error });
  }
}

const isPublic = (address: string): boolean => ipaddr.parse(address).range() === 'unicast';

const refused = (host: string, why: string): HubError => new HubError('invalid', 'mail_host_refused', `The mail server ${host} is not gone to: ${why}.`);
