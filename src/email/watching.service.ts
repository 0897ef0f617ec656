import { randomUUID } from 'node:crypto';
import { type BeforeApplicationShutdown, Injectable, Logger, type OnApplicationBootstrap } from '@nestjs/common';
import { Database } from '@throughline/database/database.js';
import { Clock } from '@throughline/kernel/clock.js';
import { describe, HubError } from '@throughline/kernel/errors.js';
import { backoff } from '@throughline/queues/job-runner.js';
import { AppConfig } from '../app.config.js';
import type { Mailbox } from './email.types.js';
import { MailboxesRepository } from './mailboxes.repository.js';
import { MailboxesService } from './mailboxes.service.js';
import { ReadingService } from './reading.service.js';

const LOOK_EVERY_MS = 1_000;
/** Of real time, some looks may fail; then another process reads on. */
const LEASE_MS = 20_000;
const FIRST_WAIT_MS = 2_000;

interface Watch {
  /** What it was begun with. */
  changedAt: number;
  abort: AbortController;
  ended: Promise<void>;
}

/** Sees to it that each mailbox is read by one process. When that dies, its lease runs out and another goes on. */
@Injectable()
export class WatchingService implements OnApplicationBootstrap, BeforeApplicationShutdown {
  private readonly log = new Logger('E-mail');
  private readonly rows = new MailboxesRepository();
  private readonly watches = new Map<string, Watch>();
  private readonly holder = randomUUID();
  private timer: NodeJS.Timeout | undefined;
  private looking: Promise<void> = Promise.resolve();

  constructor(
    private readonly database: Database,
    private readonly clock: Clock,
    private readonly config: AppConfig,
    private readonly mailboxes: MailboxesService,
    private readonly reading: ReadingService,
  ) {}

  onApplicationBootstrap(): void {
    if (!this.config.roles.worker) return;
    let busy = false;
    this.timer = setInterval(() => {
      if (busy) return;
      busy = true;
      this.looking = this.look().catch((error: unknown) => this.log.warn(`Mailboxes are not looked for: ${describe(error)}`)).finally(() => (busy = false));
    }, LOOK_EVERY_MS);
    this.timer.unref();
  }

  async beforeApplicationShutdown(): Promise<void> {
    clearInterval(this.timer);
    await this.looking;
    for (const { abort } of this.watches.values()) abort.abort();
    await Promise.all([...this.watches.values()].map(({ ended }) => ended));
  }

  /** Claims what is free, begins to read it, and ends what is not ours any more, or was set anew. */
  private async look(): Promise<void> {
    const claimed = await this.database.asSystem((tx) => this.rows.claim(tx, this.holder, this.clock.now(), this.clock.in(LEASE_MS)));
    const ours = new Map(claimed.map((mailbox) => [mailbox.id, mailbox]));
    for (const [id, { abort, changedAt }] of this.watches) if (ours.get(id)?.changedAt.getTime() !== changedAt) abort.abort();
    for (const mailbox of claimed) if (!this.watches.has(mailbox.id)) await this.begin(mailbox);
  }

  private async begin(mailbox: Mailbox): Promise<void> {
    if (!(await this.mailboxes.isOurs(mailbox))) return this.rest(mailbox, new HubError('conflict', 'no_sender', 'Its address is no sender of this tenant any more.'));
    const abort = new AbortController();
    const ended = this.reading.follow(mailbox, abort.signal)
      .catch((error: unknown) => this.rest(mailbox, error))
      .catch((error: unknown) => this.log.warn(`Mailbox ${mailbox.id}: ${describe(error)}`))
      .finally(() => this.end(mailbox.id));
    this.watches.set(mailbox.id, { changedAt: mailbox.changedAt.getTime(), abort, ended });
  }

  /** It cannot be read now. What is shown of that are words of ours, never what a server said about a login. */
  private async rest({ id, tenantId, failures }: Mailbox, error: unknown): Promise<void> {
    const present = (await this.mailboxes.mailbox(tenantId, id).catch(() => null))?.failures ?? failures;
    const trouble = error instanceof HubError ? error.message : 'It cannot be read; the log says why.';
    const retryAt = this.clock.in(backoff(present + 1, FIRST_WAIT_MS));
    this.log.warn(`Mailbox ${id} is not read until ${retryAt.toISOString()}: ${describe(error)}`);
    await this.database.transaction(tenantId, (tx) => this.rows.noteTrouble(tx, id, trouble.slice(0, 300), retryAt));
  }

  private async end(id: string): Promise<void> {
    this.watches.delete(id);
    await this.database.asSystem((tx) => this.rows.release(tx, this.holder, id)).catch(() => undefined);
  }
}
