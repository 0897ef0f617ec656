import type { Page } from './hub.types.js';

export interface Session {
  token: string;
  tenantId: string;
  simulated: boolean;
  scriptedModel: boolean;
  /** Whether people can write mails. */
  mail: boolean;
  now: string;
}

/** An answer that is not what was asked for, with a sentence a person can use. */
export class ApiError extends Error {
  constructor(
    readonly status: number,
    message: string,
  ) {
    super(message);
    this.name = 'ApiError';
  }
}

/** The page's neighbours, all behind one origin: the room itself, the control APIs of the simulators and the hub. */
export class Api {
  private constructor(private current: Session) {}

  static async open(): Promise<Api> {
    return new Api(await call<Session>('/sandbox/api/session'));
  }

  get session(): Session {
    return this.current;
  }

  control<T>(path: string, body?: unknown, method = body === undefined ? 'GET' : 'POST'): Promise<T> {
    return call<T>(`/sandbox/control/${path}`, { method, ...json(body) });
  }

  /** The simulated post office. */
  mail<T>(path: string, body?: unknown, method = body === undefined ? 'GET' : 'POST'): Promise<T> {
    return call<T>(`/sandbox/mail/${path}`, { method, ...json(body) });
  }

  sandbox<T>(path: string, body?: unknown): Promise<T> {
    return call<T>(`/sandbox/api/${path}`, { method: body === undefined ? 'GET' : 'POST', ...json(body) });
  }

  /** The hub may have been started again with another token: one more try with a fresh one. */
  async hub<T>(path: string, body?: unknown): Promise<T> {
    try {
      return await this.askHub<T>(path, body);
    } catch (error) {
      if (!(error instanceof ApiError) || error.status !== 401) throw error;
      this.current = await call<Session>('/sandbox/api/session');
      return this.askHub<T>(path, body);
    }
  }

  /** Files are handed in first; the message names them. */
  async writeAsStaff(conversationSid: string, words: { body: string; staff: string }, files: File[]): Promise<void> {
    const attachments: string[] = [];
    for (const file of files) {
      const { id } = await call<{ id: string }>(`/api/v1/conversations/${conversationSid}/attachments?filename=${encodeURIComponent(file.name)}`, {
        method: 'POST', headers: { 'content-type': file.type || 'application/octet-stream', ...this.credentials }, body: file,
      });
      attachments.push(id);
    }
    await this.hub(`conversations/${conversationSid}/messages`, { ...words, attachments });
  }

  /** A file of the hub's, as a URL that the page can show. Null while the hub is still fetching it. */
  async hubFile(href: string): Promise<string | null> {
    const response = await fetch(href, { headers: this.credentials });
    if (!response.ok) throw new ApiError(response.status, sentence(await response.text()) ?? `The answer was ${response.status}.`);
    return response.status === 202 ? null : dataUrlOf(await response.blob());
  }

  /** Everything of a paged list; the hub answers oldest first. */
  async hubAll<T>(path: string): Promise<T[]> {
    const all: T[] = [];
    let cursor: string | null = null;
    do {
      const page: Page<T> = await this.hub<Page<T>>(`${path}${path.includes('?') ? '&' : '?'}limit=200${cursor ? `&cursor=${encodeURIComponent(cursor)}` : ''}`);
      all.push(...page.items);
      cursor = page.nextCursor;
    } while (cursor);
    return all;
  }

  private get credentials(): Record<string, string> {
    return { authorization: `Bearer ${this.current.token}`, 'tenant-id': this.current.tenantId };
  }

  private askHub<T>(path: string, body?: unknown): Promise<T> {
    const { headers, ...rest } = json(body);
    return call<T>(`/api/v1/${path}`, {
      method: body === undefined ? 'GET' : 'POST',
      headers: { ...headers, ...this.credentials },
      ...rest,
    });
  }
}

/** As text, because the page's policy lets no other kind of made-up address through. */
export function dataUrlOf(file: Blob): Promise<string> {
  return new Promise((resolve, reject) => {
    const reader = new FileReader();
    reader.addEventListener('load', () => resolve(reader.result as string));
    reader.addEventListener('error', () => reject(new Error('The file cannot be read.')));
    reader.readAsDataURL(file);
  });
}

function json(body: unknown): { body?: string; headers?: Record<string, string> } {
  return body === undefined ? {} : { body: JSON.stringify(body), headers: { 'content-type': 'application/json' } };
}

async function call<T>(path: string, init: RequestInit = {}): Promise<T> {
  const response = await fetch(path, init).catch(() => {
    throw new ApiError(0, 'The hub does not answer. Is it running?');
  });
  const text = await response.text();
  if (!response.ok) throw new ApiError(response.status, sentence(text) ?? `The answer was ${response.status}.`);
  return (text === '' ? undefined : JSON.parse(text)) as T;
}

/** The hub explains itself in `detail` (RFC 9457), the simulator in `error`. */
function sentence(text: string): string | undefined {
  try {
    const { detail, error, title } = JSON.parse(text) as Record<string, unknown>;
    return [detail, error, title].find((words) => typeof words === 'string' && words !== '') as string | undefined;
  } catch {
    return undefined;
  }
}

export const explain = (error: unknown): string => (error instanceof Error ? error.message : String(error));
