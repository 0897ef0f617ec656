import type { Mail } from '@throughline/mail/parse.js';

/**
 * Whether the receiving server says that the domain of From vouches for the mail (DMARC, RFC 7489). Believed are only results under
 * the name that the tenant gave (RFC 8601): a sender can write such headers as well, and a server removes those under its own name. Where
 * two of them differ, one is forged, so nothing is proved.
 */
export function isProved(mail: Mail, authservId: string | null): boolean {
  const domain = mail.from?.address.split('@')[1];
  if (!authservId || !domain) return false;
  const results = mail.header('authentication-results').map(withoutComments).filter((text) => idOf(text) === authservId.toLowerCase());
  const verdicts = results.flatMap(dmarcIn);
  return verdicts.length > 0 && verdicts.every(({ result, from }) => result === 'pass' && (from === null || from === domain));
}

const withoutComments = (text: string): string => {
  let plain = text;
  for (let depth = 0; depth < 5 && plain.includes('('); depth += 1) plain = plain.replace(/\([^()]*\)/g, ' ');
  return plain;
};

const idOf = (text: string): string => text.split(';', 1)[0]!.trim().split(/\s/, 1)[0]!.toLowerCase();

function dmarcIn(text: string): { result: string; from: string | null }[] {
  return text.split(';').slice(1).flatMap((part) => {
    const result = /^\s*dmarc\s*=\s*([a-z]+)/i.exec(part)?.[1];
    return result ? [{ result: result.toLowerCase(), from: /\bheader\.from\s*=\s*"?([^\s";]+)/i.exec(part)?.[1]?.toLowerCase().replace(/^.*@/, '') ?? null }] : [];
  });
}
