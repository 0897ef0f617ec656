import type { Params, RestCall, Webhook } from '../live/simulator.types.js';

/** One line of the log: a webhook towards the hub, or a REST call of the hub. */
export interface WireEntry {
  key: string;
  at: string;
  direction: 'webhook' | 'rest';
  /** What happened, in a word or two: `messaging`, `POST Messages`. */
  event: string;
  /** Whose, or what about. */
  about: string;
  target: string;
  params: Params;
  signature: string | null | undefined;
  status: number | null;
  ms: number | null;
  attempt: number;
  fault: string | undefined;
  error: string | undefined;
}

export type WireKind = 'all' | 'webhook' | 'rest' | 'trouble';

const first = (value: string | string[] | undefined): string => (Array.isArray(value) ? (value[0] ?? '') : (value ?? ''));

function aboutParams(params: Params): string {
  const status = first(params['MessageStatus']);
  if (status) return [status, first(params['ErrorCode']), 'to', first(params['To'])].filter(Boolean).join(' ');
  const call = first(params['CallStatus']);
  if (call) return [call, 'from', first(params['From']), 'to', first(params['To'])].join(' ');
  const body = first(params['Body']);
  const who = first(params['Author']) || first(params['From']) || first(params['Identity']);
  const quoted = body ? `“${body}”` : '';
  return [who, quoted].filter(Boolean).join(' ') || first(params['UniqueName']) || first(params['To']);
}

export function webhookEntry(hook: Webhook): WireEntry {
  const { url, event, params, status, ms, attempt, at } = hook;
  return {
    key: `webhook ${hook.id}`, at, direction: 'webhook', event, about: aboutParams(params), target: url, params,
    signature: hook.signature, status, ms, attempt, fault: hook.fault, error: hook.error,
  };
}

/** `/2010-04-01/Accounts/AC…/Messages/SM….json` -> `Messages/SM…` with the sid shortened. */
export function shortPath(path: string): string {
  return path
    .replace(/\?.*$/, '')
    .replace(/^\/2010-04-01\/Accounts\/AC[0-9a-f]{32}\/?/, '')
    .replace(/^\/v\d\//, '')
    .replace(/Services\/IS[0-9a-f]{32}\//, '')
    .replace(/\.json$/, '')
    .replaceAll(/([A-Z]{2}[0-9a-f]{4})[0-9a-f]{24}([0-9a-f]{4})/g, '$1…$2');
}

export function restEntry(call: RestCall): WireEntry {
  const { method, host, path, params, status, ms, at } = call;
  return {
    key: `rest ${call.id}`, at, direction: 'rest', event: `${method} ${shortPath(path)}`, about: aboutParams(params),
    target: `${method} https://${host}${path}`, params, signature: undefined, status, ms, attempt: 1, fault: call.fault, error: undefined,
  };
}

/** Answered with a refusal, or not at all. */
export const refused = ({ status, ms, fault }: WireEntry): boolean => (status === null ? ms !== null || fault === 'webhook-lost' : status >= 400);

export const troubled = (entry: WireEntry): boolean => refused(entry) || entry.fault !== undefined || entry.attempt > 1;

/** Newest first; of two in the same millisecond the later number. */
export function newestFirst(a: WireEntry, b: WireEntry): number {
  return Date.parse(b.at) - Date.parse(a.at) || b.key.localeCompare(a.key, undefined, { numeric: true });
}

/** A person's number, and the Conversations that calls about that number name: later calls name the Conversation alone. */
export function circleOf(entries: WireEntry[], address: string): string[] {
  const sids = entries
    .map(({ target, params }) => `${target} ${JSON.stringify(params)}`)
    .filter((text) => text.includes(address))
    .flatMap((text) => text.match(/\bCH[0-9a-f]{32}\b/g) ?? []);
  return [address, ...new Set(sids)];
}

interface Wish {
  kind: WireKind;
  text: string;
  /** Only what names one of these: a phone number, a ConversationSid. */
  about: string[];
}

export function wanted(entries: WireEntry[], { kind, text, about }: Wish): WireEntry[] {
  const needle = text.trim().toLowerCase();
  return entries.filter((entry) => {
    if (kind === 'trouble' ? !troubled(entry) : kind !== 'all' && entry.direction !== kind) return false;
    if (needle === '' && about.length === 0) return true;
    const all = `${entry.event} ${entry.target} ${entry.status ?? ''} ${entry.fault ?? ''} ${JSON.stringify(entry.params)}`;
    return all.toLowerCase().includes(needle) && (about.length === 0 || about.some((part) => all.includes(part)));
  });
}
