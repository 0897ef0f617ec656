import type { Keep } from './keep.js';
import type { ChatMessage, Lead, LeadAddress, Look, MessagePage, Problem, Session, Words } from './wire.types.js';

const REFRESH = 'refresh';
/** How long an answer may take, in milliseconds. */
const PATIENCE_MS = 20_000;
/** The hub is asked for a file again so often, in milliseconds apart, while it is on its way. */
const LOOKS_MS = [300, 700, 1_500, 3_000, 6_000];

/** What is wrong with a token that another one puts right. */
const STALE = new Set(['token_expired', 'unauthenticated', 'session_ended']);

/** The hub's no, or its silence (`status` 0). Over the socket there is no status: what is the hub's own fault has no `detail`. */
export class Refusal extends Error {
  constructor(readonly problem: Problem) {
    super(problem.detail ?? problem.title ?? problem.code);
    this.name = 'Refusal';
  }

  get isStale(): boolean {
    return this.problem.status === 401 || STALE.has(this.problem.code ?? '');
  }

  get isEnded(): boolean {
    return this.problem.code === 'session_ended';
  }

  get isTooMuch(): boolean {
    return this.problem.status === 429 || this.retryAfterMs !== undefined;
  }

  /** Another try with the same words may do. */
  get isPassing(): boolean {
    const { status, detail, code } = this.problem;
    if (this.isStale || this.isTooMuch) return true;
    return status === undefined ? detail === undefined && !code?.startsWith('forbidden') : status === 0 || status === 408 || status >= 500;
  }

  /** Undefined where the hub did not say. */
  get retryAfterMs(): number | undefined {
    return this.problem.retryAfterMs;
  }
}

export interface Uploaded {
  id: string;
  contentType: string;
  size: number;
}

/** The hub over HTTP. Holds the session, and gets a new token when the old one has run out. */
export class Hub {
  private opening: Promise<Session> | undefined;
  private visit = 0;
  /** A refresh token whose visitor the hub has forgotten. */
  private ended: string | undefined;

  constructor(
    readonly origin: string,
    private readonly widgetKey: string,
    private readonly keep: Keep,
  ) {}

  /** Whether somebody who was here before comes back. */
  get knowsVisitor(): boolean {
    return this.keep.get(REFRESH) !== null;
  }

  /** What the widget looks like here; no visitor begins by that. */
  async look(): Promise<Look> {
    const response = await this.ask(`/api/chat/widgets/${encodeURIComponent(this.widgetKey)}`, { cache: 'default' }).catch((error: unknown) => this.explained(error));
    return answerOf<Look>(response);
  }

  /** The session of this page, begun once, however many ask. */
  session(): Promise<Session> {
    this.opening ??= this.begin().catch((error: unknown) => {
      this.opening = undefined;
      throw error;
    });
    return this.opening;
  }

  /**
   * @param stale the token that was refused: who renews it first does it for all
   * @param isEnded nobody knows this visitor any more: somebody new begins
   */
  async renew(stale: string, isEnded = false): Promise<Session> {
    const current = await this.session();
    if (current.token !== stale) return current;
    this.ended = isEnded ? current.refreshToken : undefined;
    this.opening = undefined;
    return this.session();
  }

  /** What is still under way was for somebody who is not here any more. */
  end(): void {
    this.opening = undefined;
    this.visit += 1;
  }

  /** One tab at a time: what the first one is given, the others take over. */
  private begin(): Promise<Session> {
    return alone(`throughline ${this.widgetKey}`, async () => {
      const { visit } = this;
      const kept = this.keep.get(REFRESH) ?? undefined;
      const refreshToken = kept === this.ended ? undefined : kept;
      const response = await this.ask('/api/chat/sessions', json({ widgetKey: this.widgetKey, refreshToken })).catch((error: unknown) => this.explained(error));
      const session = await answerOf<Session>(response);
      if (visit !== this.visit) throw new Refusal({ status: 0 });
      this.keep.set(REFRESH, session.refreshToken);
      return session;
    });
  }

  /**
   * To a page of an origin that it does not know the hub says nothing that the browser would pass on. But it is there. Where
   * it has answered before, it is only out of order.
   */
  private async explained(error: unknown): Promise<never> {
    if (!(error instanceof Refusal) || error.problem.status !== 0 || this.knowsVisitor) throw error;
    const isThere = await succeeds(fetch(`${this.origin}/widget.js`, { method: 'HEAD', mode: 'no-cors', cache: 'no-store' }));
    throw isThere ? new Refusal({ status: 403, code: 'forbidden_origin' }) : error;
  }

  messages(after: string | null, limit = 50): Promise<MessagePage> {
    return this.call(`/api/chat/messages?limit=${limit}${after === null ? '' : `&after=${encodeURIComponent(after)}`}`, {});
  }

  older(before: string): Promise<MessagePage> {
    return this.call(`/api/chat/messages?before=${encodeURIComponent(before)}`, {});
  }

  post(words: Words): Promise<ChatMessage> {
    return this.call('/api/chat/messages', json(words));
  }

  read(upTo: unknown): Promise<void> {
    return this.call('/api/chat/read', json(upTo));
  }

  saveLead(lead: Partial<Pick<Lead, 'name' | LeadAddress>>): Promise<Lead> {
    return this.call('/api/chat/lead', json(lead));
  }

  sendCode(address: LeadAddress): Promise<void> {
    return this.call('/api/chat/lead/code', json({ address }));
  }

  checkCode(address: LeadAddress, code: string): Promise<{ outcome: 'verified' | 'wrong' | 'expired'; lead: Lead }> {
    return this.call('/api/chat/lead/check', json({ address, code }));
  }

  /** @throws Refusal also when the file did not arrive in time */
  async media(href: string): Promise<Blob> {
    for (const wait of [...LOOKS_MS, 0]) {
      const response = await this.authorised(href, {});
      if (response.status !== 202) return response.blob();
      await new Promise((resolve) => setTimeout(resolve, wait));
    }
    throw new Refusal({ status: 202 });
  }

  /** XMLHttpRequest, because fetch does not say how far it has come. */
  async upload(file: File, progress: (share: number) => void, signal: AbortSignal): Promise<Uploaded> {
    const { token } = await this.session();
    try {
      return await this.put(file, token, progress, signal);
    } catch (error) {
      if (!(error instanceof Refusal) || !error.isStale) throw error;
      return this.put(file, (await this.renew(token, error.isEnded)).token, progress, signal);
    }
  }

  private put(file: File, token: string, progress: (share: number) => void, signal: AbortSignal): Promise<Uploaded> {
    return new Promise((resolve, reject) => {
      const request = new XMLHttpRequest();
      request.open('POST', `${this.origin}/api/chat/attachments?name=${encodeURIComponent(file.name)}`);
      request.setRequestHeader('Authorization', `Bearer ${token}`);
      request.setRequestHeader('Content-Type', file.type || 'application/octet-stream');
      request.upload.addEventListener('progress', ({ loaded, total }) => progress(total ? loaded / total : 0));
      request.addEventListener('load', () => {
        if (request.status < 300) resolve(JSON.parse(request.responseText) as Uploaded);
        else reject(new Refusal(problemOf(request.responseText, request.status, request.getResponseHeader('Retry-After'))));
      });
      for (const end of ['error', 'abort']) request.addEventListener(end, () => reject(new Refusal({ status: 0 })));
      signal.addEventListener('abort', () => request.abort());
      request.send(file);
    });
  }

  private async call<T>(path: string, init: RequestInit): Promise<T> {
    return answerOf<T>(await this.authorised(path, init));
  }

  /** @throws Refusal unless the answer is a yes */
  private async authorised(path: string, init: RequestInit): Promise<Response> {
    const { token } = await this.session();
    try {
      return await this.ask(path, init, token);
    } catch (error) {
      if (!(error instanceof Refusal) || !error.isStale) throw error;
      return this.ask(path, init, (await this.renew(token, error.isEnded)).token);
    }
  }

  private async ask(path: string, init: RequestInit, token?: string): Promise<Response> {
    const headers = { ...(init.headers as Record<string, string>), ...(token ? { Authorization: `Bearer ${token}` } : {}) };
    const response = await fetch(this.origin + path, { cache: 'no-store', signal: AbortSignal.timeout(PATIENCE_MS), ...init, headers, credentials: 'omit' }).catch(() => {
      throw new Refusal({ status: 0 });
    });
    if (!response.ok) throw new Refusal(problemOf(await response.text(), response.status, response.headers.get('Retry-After')));
    return response;
  }
}

const json = (body: unknown): RequestInit => ({ method: 'POST', body: JSON.stringify(body), headers: { 'Content-Type': 'application/json' } });

const succeeds = (attempt: Promise<unknown>): Promise<boolean> => attempt.then(() => true, () => false);

async function answerOf<T>(response: Response): Promise<T> {
  return (response.status === 204 ? undefined : await response.json()) as T;
}

function problemOf(text: string, status: number, retryAfter: string | null): Problem {
  const wait = retryAfter === null || !/^\d+$/.test(retryAfter) ? {} : { retryAfterMs: Number(retryAfter) * 1_000 };
  try {
    return { ...(JSON.parse(text) as Problem), status, ...wait };
  } catch {
    return { status, ...wait };
  }
}

/** Where the browser has no locks (a page without TLS), tabs that begin at the same instant are two visitors. */
function alone<T>(name: string, action: () => Promise<T>): Promise<T> {
  return 'locks' in navigator ? (navigator.locks.request(name, action) as Promise<T>) : action();
}
