import type { IncomingHttpHeaders } from 'node:http';
import type { TwilioHost } from './router.js';

const HOSTS: readonly string[] = [
  'api.twilio.com', 'content.twilio.com', 'conversations.twilio.com', 'messaging.twilio.com', 'verify.twilio.com',
] satisfies TwilioHost[];

/** `api.dublin.ie1.twilio.com` is api.twilio.com: edge and region do not matter here. */
function canonical(host: string | undefined): string | undefined {
  const match = /^([a-z][a-z0-9-]*)(?:\.[a-z0-9-]+)*\.twilio\.com(?::\d+)?$/i.exec(host ?? '');
  return match ? `${match[1]!.toLowerCase()}.twilio.com` : undefined;
}

/** Which of Twilio's hosts a call is for: the header, the first segment of the path, the Host header, or the path's look. */
export function hostOf(path: string, headers: IncomingHttpHeaders): { host: TwilioHost | undefined; path: string } {
  const segment = /^\/([^/]+\.twilio\.com)(\/.*)$/i.exec(path);
  const named = canonical(headers['x-twilio-host'] as string | undefined) ?? canonical(segment?.[1]) ?? canonical(headers.host);
  const rest = segment?.[2] ?? path;
  const host = named ?? guess(rest);
  return { host: host !== undefined && HOSTS.includes(host) ? (host as TwilioHost) : undefined, path: rest };
}

function guess(path: string): string | undefined {
  if (path.startsWith('/2010-04-01/')) return 'api.twilio.com';
  if (path.startsWith('/v1/Services/MG')) return 'messaging.twilio.com';
  if (path.startsWith('/v1/Content')) return 'content.twilio.com';
  if (path.startsWith('/v2/Services')) return 'verify.twilio.com';
  return path.startsWith('/v1/') ? 'conversations.twilio.com' : undefined;
}
