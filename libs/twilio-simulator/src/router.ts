import type { Account } from './entities.js';
import type { Form } from './form.js';

export type TwilioHost = 'api.twilio.com' | 'content.twilio.com' | 'conversations.twilio.com' | 'messaging.twilio.com' | 'verify.twilio.com';

export interface Call {
  method: string;
  host: TwilioHost;
  /** Without the query, and for the 2010 API without `.json`. */
  path: string;
  /** Named segments of the path, decoded. */
  at: Record<string, string>;
  query: Form;
  form: Form;
  /** The body of a call in JSON; empty where there is none. */
  json: Record<string, unknown>;
  account: Account;
  /** `X-Twilio-Webhook-Enabled: true`. */
  hooksWanted: boolean;
}

export interface Answer {
  status: number;
  body?: unknown;
  headers?: Record<string, string>;
}

export type Handler = (call: Call) => Answer | Promise<Answer>;

export interface Route {
  method: string;
  host: TwilioHost;
  segments: string[];
  handler: Handler;
}

export function route(method: string, host: TwilioHost, template: string, handler: Handler): Route {
  return { method, host, segments: template.split('/').slice(1), handler };
}

export const ok = (body: unknown): Answer => ({ status: 200, body });
export const created = (body: unknown): Answer => ({ status: 201, body });
export const gone: Answer = { status: 204 };

interface Match {
  handler: Handler;
  at: Record<string, string>;
}

/** Routes by host, verb and number of segments; a literal segment beats a named one. */
export class Router {
  private readonly groups = new Map<string, Route[]>();

  constructor(routes: Route[]) {
    for (const one of routes) {
      const key = groupKey(one.host, one.method, one.segments.length);
      const group = [...(this.groups.get(key) ?? []), one];
      group.sort((a, b) => named(a) - named(b));
      this.groups.set(key, group);
    }
  }

  match(method: string, host: TwilioHost, path: string): Match | undefined {
    const segments = path.split('/').slice(1);
    for (const candidate of this.groups.get(groupKey(host, method, segments.length)) ?? []) {
      const at = read(candidate.segments, segments);
      if (at) return { handler: candidate.handler, at };
    }
    return undefined;
  }
}

const groupKey = (host: string, method: string, length: number): string => `${host} ${method} ${length}`;

const named = (one: Route): number => one.segments.filter((segment) => segment.startsWith(':')).length;

function read(template: string[], segments: string[]): Record<string, string> | undefined {
  const at: Record<string, string> = {};
  for (const [index, part] of template.entries()) {
    const segment = segments[index]!;
    if (part.startsWith(':')) at[part.slice(1)] = decode(segment);
    else if (part !== segment) return undefined;
  }
  return at;
}

function decode(segment: string): string {
  try {
    return decodeURIComponent(segment);
  } catch {
    return segment;
  }
}
