import { randomBytes } from 'node:crypto';
import { Injectable } from '@nestjs/common';
import { Database } from '@throughline/database/database.js';
import { Clock } from '@throughline/kernel/clock.js';
import { HubError, notFound } from '@throughline/kernel/errors.js';
import type { Widget } from './visitors.types.js';
import { WidgetsRepository } from './widgets.repository.js';

/** How long a process may go by what a widget was, in milliseconds. */
const CACHE_MS = 5_000;
const MOST_CACHED = 1_000;
const KEY = /^wk_[A-Za-z0-9_-]{8,60}$/;

interface Cached<T> {
  value: Promise<T>;
  until: number;
}

/** Widget keys, and whose pages may use them. */
@Injectable()
export class WidgetsService {
  private readonly widgets = new WidgetsRepository();
  private readonly known = new Map<string, Cached<Widget | null>>();
  private readonly origins = new Map<string, Cached<boolean>>();

  constructor(
    private readonly database: Database,
    private readonly clock: Clock,
  ) {}

  /** @throws HubError `forbidden` for a key that nobody has, or that is not for this origin: who tries keys is not told which */
  async usableAt(key: string, origin: string): Promise<Widget> {
    const widget = KEY.test(key) ? await this.remembered(this.known, key, () => this.database.asSystem((tx) => this.widgets.find(tx, key))) : null;
    if (!widget?.allowedOrigins.includes(origin)) throw new HubError('forbidden', 'forbidden_origin', 'This widget key is not for pages of this origin.');
    return widget;
  }

  /** Whether there is any widget for pages of this origin. A preflight request says no more than that. */
  isOriginKnown(origin: string): Promise<boolean> {
    return this.remembered(this.origins, origin, () => this.database.asSystem((tx) => this.widgets.isAllowedAnywhere(tx, origin)));
  }

  list(tenantId: string, after: { at: Date; id: string } | null, limit: number): Promise<Widget[]> {
    return this.database.transaction(tenantId, (tx) => this.widgets.list(tx, after, limit));
  }

  async isThere(tenantId: string, key: string): Promise<boolean> {
    return (await this.find(tenantId, key)) !== null;
  }

  /** @throws HubError `not_found` */
  async widget(tenantId: string, key: string): Promise<Widget> {
    const widget = await this.find(tenantId, key);
    if (!widget) throw notFound('widget', key);
    return widget;
  }

  /** @param key given by the sandbox only, so that its page knows it */
  async add(tenantId: string, particulars: Omit<Widget, 'key' | 'tenantId' | 'createdAt'>, key = `wk_${randomBytes(15).toString('base64url')}`): Promise<Widget> {
    const widget: Widget = { ...particulars, key, tenantId, createdAt: this.clock.now() };
    await this.database.transaction(tenantId, (tx) => this.widgets.insert(tx, widget));
    this.forget();
    return widget;
  }

  async change(tenantId: string, key: string, change: Partial<Omit<Widget, 'key' | 'tenantId' | 'createdAt'>>): Promise<Widget> {
    const widget = { ...(await this.widget(tenantId, key)), ...change };
    await this.database.transaction(tenantId, (tx) => this.widgets.update(tx, widget));
    this.forget();
    return widget;
  }

  async remove(tenantId: string, key: string): Promise<void> {
    if (!(await this.database.transaction(tenantId, (tx) => this.widgets.remove(tx, key)))) throw notFound('widget', key);
    this.forget();
  }

  private find(tenantId: string, key: string): Promise<Widget | null> {
    return this.database.transaction(tenantId, (tx) => this.widgets.find(tx, key));
  }

  private forget(): void {
    this.known.clear();
    this.origins.clear();
  }

  /** Who asks while it is looked up waits for the same answer, so that nobody's messages overtake each other by it. */
  private remembered<T>(cache: Map<string, Cached<T>>, key: string, find: () => Promise<T>): Promise<T> {
    const cached = cache.get(key);
    if (cached && cached.until > this.clock.ms()) return cached.value;
    const value = find();
    if (cache.size >= MOST_CACHED) cache.clear();
    cache.set(key, { value, until: this.clock.ms() + CACHE_MS });
    value.catch(() => cache.delete(key));
    return value;
  }
}
