import { newSid } from './sids.js';

const REST_FAULTS = ['429', '500-before', '500-after', 'drop-answer', 'hang'] as const;
const HOOK_FAULTS = [
  'webhook-late', 'webhook-duplicate', 'webhook-reordered', 'webhook-lost', 'webhook-wrong-signature',
  'webhook-unsigned',
] as const;

type RestFaultKind = (typeof REST_FAULTS)[number];
type HookFaultKind = (typeof HOOK_FAULTS)[number];

export interface FaultRequest {
  kind: RestFaultKind | HookFaultKind;
  /** RegExp sources for path, host and url; method and event are compared as they are. */
  match?: { method?: string; path?: string; host?: string; event?: string; url?: string };
  /** How many calls it hits (of `webhook-reordered`: how many groups); 0 = until removed. */
  times?: number;
  retryAfterS?: number;
  hangMs?: number;
  delayMs?: number;
  copies?: number;
  hold?: number;
  order?: number[];
}

export interface Fault extends FaultRequest {
  id: string;
  hits: number;
}

/** What goes wrong on purpose. The first fault that matches a call takes it; one fault a call. */
export class Faults {
  private list: Fault[] = [];

  all(): Fault[] {
    return this.list;
  }

  add(request: FaultRequest): Fault {
    const kinds: readonly string[] = [...REST_FAULTS, ...HOOK_FAULTS];
    if (!kinds.includes(request.kind)) throw new RangeError(`There is no fault "${request.kind}". Kinds: ${kinds.join(', ')}`);
    for (const source of [request.match?.path, request.match?.host, request.match?.url]) RegExp(source ?? '');
    const fault: Fault = { times: 1, ...request, id: newSid('FT'), hits: 0 };
    this.list.push(fault);
    return fault;
  }

  remove(id: string): boolean {
    const before = this.list.length;
    this.list = this.list.filter((fault) => fault.id !== id);
    return this.list.length < before;
  }

  clear(): void {
    this.list = [];
  }

  forCall(call: { method: string; host: string; path: string }): Fault | undefined {
    return this.take(REST_FAULTS, ({ match }) =>
      (!match?.method || match.method.toUpperCase() === call.method) && like(match?.path, call.path) && like(
        match?.host, call.host,
      ));
  }

  forHook(hook: { event: string; url: string }): Fault | undefined {
    return this.take(HOOK_FAULTS, ({ match }) => (!match?.event || match.event === hook.event) && like(
      match?.url, hook.url,
    ));
  }

  /** One more call of this fault is done with; the last one removes it. */
  spend(fault: Fault): void {
    fault.hits += 1;
    if (fault.times !== 0 && fault.hits >= (fault.times ?? 1)) this.remove(fault.id);
  }

  private take(kinds: readonly string[], matches: (fault: Fault) => boolean): Fault | undefined {
    if (this.list.length === 0) return undefined;
    const fault = this.list.find((candidate) => kinds.includes(candidate.kind) && matches(candidate));
    // A group of reordered webhooks is spent when it is let go, not by each webhook that joins it.
    if (fault && fault.kind !== 'webhook-reordered') this.spend(fault);
    return fault;
  }
}

const like = (source: string | undefined, text: string): boolean => source === undefined || new RegExp(source).test(text);
