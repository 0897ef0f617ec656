import type { IncomingMessage } from 'node:http';
import net from 'node:net';
import proxyaddr from 'proxy-addr';

/** Where requests come from, past the proxies that are ours. */
export class Peers {
  private readonly isTrusted: ReturnType<typeof proxyaddr.compile>;
  private hasWarned = false;

  /** @param warn told once of a proxy that nobody has named */
  constructor(trustedProxies: string[], private readonly warn: (words: string) => void) {
    this.isTrusted = proxyaddr.compile(trustedProxies);
  }

  /** Of IPv6 the network, since a host has as many addresses as it likes. */
  ipOf(request: IncomingMessage): string {
    if (!this.hasWarned && request.headers['x-forwarded-for'] !== undefined) this.lookAtPeer(request);
    const ip = proxyaddr(request as Parameters<typeof proxyaddr>[0], this.isTrusted);
    return net.isIPv6(ip) ? networkOf(ip) : ip;
  }

  /** Behind a proxy that nobody has named all people are one IP address, and soon too many. */
  private lookAtPeer({ socket: { remoteAddress } }: IncomingMessage): void {
    if (!remoteAddress || this.isTrusted(remoteAddress, 0)) return;
    this.hasWarned = true;
    this.warn(`X-Forwarded-For comes from ${remoteAddress}, which is not among TRUSTED_PROXIES, and is not believed: if that is your proxy, all visitors behind it are one IP address to the limits.`);
  }
}

/** The first 64 bits, of which a household or a server has at least one. */
function networkOf(ip: string): string {
  const mapped = /^::ffff:(\d+\.\d+\.\d+\.\d+)$/i.exec(ip);
  if (mapped) return mapped[1]!;
  const [head = '', tail] = ip.split('::');
  const [before, behind] = [head.split(':').filter(Boolean), (tail ?? '').split(':').filter(Boolean)];
  const groups = tail === undefined ? before : [...before, ...Array.from({ length: 8 - before.length - behind.length }, () => '0'), ...behind];
  return `${groups.slice(0, 4).map((group) => group.replace(/^0+(?=.)/, '')).join(':')}::/64`;
}
