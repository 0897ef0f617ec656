import { type Mail, normalAddress } from '@throughline/mail/mail.js';

/**
 * Whether the receiving server says that the domain of From vouches for the mail (DMARC, RFC 7489). Believed are only results under
 * the name that the tenant gave (RFC 8601): a sender can write such headers as well, and a server removes those under its own name. Where
 * two of them differ, one is forged, so nothing is proved. What the server quotes in its own is the sender's word again: an envelope's
 * address may hold semicolons, brackets and a whole result. So a header is read sign by sign, and one that is odd proves nothing.
 */
export function isProved(mail: Mail, authservId: string | null): boolean {
  const domain = mail.from?.address.split('@')[1];
  if (!authservId || !domain) return false;
  const verdicts: Result[] = [];
  for (const header of mail.header('authentication-results')) {
    const parts = partsOf(header);
    if (!parts && header.toLowerCase().includes(authservId.toLowerCase())) return false;
    if (!parts || !isOf(parts[0]!, authservId)) continue;
    const results = resultsIn(parts.slice(1));
    if (!results) return false;
    verdicts.push(...results.filter(({ method }) => method === 'dmarc'));
  }
  return verdicts.length > 0 && verdicts.every(({ result, from }) => result === 'pass' && from.length === 1 && from[0] === domain);
}

/** `quoted` is never anything but text. A sign is `=`, for the semicolons part a header before it is looked at. */
interface Token {
  kind: 'word' | 'quoted' | 'sign';
  text: string;
  /** Nothing stands between it and the one before. */
  glued: boolean;
}

interface Result {
  method: string;
  result: string;
  /** The domains named as that of From. */
  from: string[];
}

const TOKEN = /(?<space>\s+)|(?<sign>[=;])|"(?<quoted>(?:[^"\\]|\\.)*)"|(?<word>[^\s=;"()\\]+)|(?<open>\()/suy;

/** The tokens between semicolons, without comments; null when something is not closed, or stands where it must not. */
function partsOf(header: string): Token[][] | null {
  const parts: Token[][] = [[]];
  let glued = false;
  for (let at = 0; at < header.length;) {
    TOKEN.lastIndex = at;
    const found = TOKEN.exec(header)?.groups;
    if (!found) return null;
    const isQuoted = found['quoted'] !== undefined;
    const text = found['quoted'] ?? found['word'] ?? found['sign'];
    if (found['open']) {
      const end = endOfComment(header, at);
      if (end === null) return null;
      at = end;
    } else at = TOKEN.lastIndex;
    if (found['sign'] === ';') parts.push([]);
    else if (text !== undefined) parts.at(-1)!.push({ kind: isQuoted ? 'quoted' : found['sign'] ? 'sign' : 'word', text, glued });
    glued = text !== undefined && found['sign'] !== ';';
  }
  return parts;
}

/** Comments nest. One with a quotation mark or a backslash repeats what a sender quoted, and may end where they like. */
function endOfComment(header: string, start: number): number | null {
  let depth = 0;
  for (let at = start; at < header.length; at += 1) {
    const sign = header[at]!;
    if (sign === '"' || sign === '\\') return null;
    if (sign === '(') depth += 1;
    if (sign === ')') depth -= 1;
    if (depth === 0) return at + 1;
  }
  return null;
}

/** The name, and perhaps a version. */
const isOf = ([id, version, ...more]: Token[], authservId: string): boolean =>
  id?.kind === 'word' && id.text.toLowerCase() === authservId.toLowerCase() && (!version || /^\d+$/.test(version.text)) && more.length === 0;

/** Null when one of them is odd. A semicolon may end the last one. */
function resultsIn(parts: Token[][]): Result[] | null {
  const results = (parts.at(-1)?.length === 0 ? parts.slice(0, -1) : parts).filter((part) => !(part.length === 1 && part[0]!.text === 'none')).map(resultOf);
  return results.every((result) => result !== null) ? results : null;
}

/** `method=result`, then `name=value` for what it is about. */
function resultOf(part: Token[]): Result | null {
  const [said, ...properties] = pairsOf(part) ?? [];
  if (!said) return null;
  const from = properties.filter(({ name }) => name === 'header.from').map(({ value }) => normalAddress(`x@${value.replace(/^.*@/s, '')}`)?.slice(2) ?? '');
  return { method: said.name.split('/', 1)[0]!, result: said.value.toLowerCase(), from };
}

/** A value is all that hangs together: `"a b"@x.test` as well as the end of a signature, `AbC=`. */
function pairsOf(part: Token[]): { name: string; value: string }[] | null {
  const pairs: { name: string; value: string }[] = [];
  for (let at = 0; at < part.length;) {
    const [name, equals, value] = part.slice(at, at + 3);
    if (name?.kind !== 'word' || equals?.kind !== 'sign' || !value || value.kind === 'sign') return null;
    at += 3;
    let whole = value.text;
    for (; part[at]?.glued; at += 1) whole += part[at]!.text;
    pairs.push({ name: name.text.toLowerCase(), value: whole });
  }
  return pairs;
}
