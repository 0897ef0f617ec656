import { Injectable } from '@nestjs/common';
import { Database, type Tx } from '@throughline/database/database.js';
import { Clock } from '@throughline/kernel/clock.js';
import { HubError } from '@throughline/kernel/errors.js';
import { uuidv7 } from '@throughline/kernel/ids.js';
import { reach } from '@throughline/kernel/points.js';
import type { JobOutcome } from '@throughline/queues/job-runner.js';
import { Outbox } from '@throughline/queues/outbox.js';
import { CopiesService } from './copies.service.js';
import { erasureMachine } from './erasure.machine.js';
import { ErasuresRepository } from './erasures.repository.js';
import { added, plan } from './erasure.policy.js';
import type { Erasure, ErasureEvent } from './privacy.types.js';
import { RemainsRepository } from './remains.repository.js';
import { type Person, StoresService } from './stores.service.js';
import { TracesService } from './traces.service.js';

/** The longest turn takes 60 s under a lease of 90 s, the longest call to Twilio 15 s under one of 30 s. */
const SETTLE_MS = 120_000;
/** When something of the person is still under way after that, look again. */
const LOOK_AGAIN_MS = 5_000;

/** Erases a person step by step. Each step is one transaction, or may run again; a crash between two costs nothing. */
@Injectable()
export class ErasureService {
  private readonly erasures = new ErasuresRepository();
  private readonly remains = new RemainsRepository();

  constructor(
    private readonly database: Database,
    private readonly clock: Clock,
    private readonly outbox: Outbox,
    private readonly stores: StoresService,
    private readonly traces: TracesService,
    private readonly copies: CopiesService,
  ) {}

  /** The next steps, as far as they can be gone now. */
  async goOn(tenantId: string, erasureId: string): Promise<JobOutcome> {
    const step = (work: (tx: Tx, erasure: Erasure) => Promise<JobOutcome>, from: Erasure['state']): Promise<JobOutcome> =>
      this.database.transaction(tenantId, async (tx) => {
        const erasure = await this.erasures.lock(tx, erasureId);
        if (erasure?.state === from) return work(tx, erasure);
      });
    // The job of a process that died comes again, maybe when all is done.
    const present = await this.database.transaction(tenantId, (tx) => this.erasures.find(tx, erasureId));
    if (present?.state === 'done') return;
    await step((tx, erasure) => this.silence(tx, erasure), 'requested');
    await reach('erasure.silenced');
    await this.removeFiles(tenantId, erasureId);
    const unsettled = await step((tx, erasure) => this.settle(tx, erasure), 'silenced');
    if (unsettled) return unsettled;
    await reach('erasure.erased');
    const more = await this.removeCopies(tenantId, erasureId);
    if (more) return more;
    await this.removeFiles(tenantId, erasureId);
    await step((tx, erasure) => this.lastSweep(tx, erasure), 'removed');
    await reach('erasure.removed');
    return step((tx, erasure) => this.verify(tx, erasure), 'removed');
  }

  /** Notes what has to be found and removed, then blanks everything that does not move any more. From here on the person is nobody. */
  private async silence(tx: Tx, erasure: Erasure): Promise<void> {
    const traces = await this.traces.of(tx, erasure.contactId);
    const { needles, copies } = plan(traces);
    const id = (): string => uuidv7(this.clock.ms());
    this.erasures.addNeedles(tx, erasure.id, needles.map((needle) => ({ ...needle, id: id() })));
    this.erasures.addCopies(tx, erasure.id, copies.map((copy) => ({ ...copy, id: id() })));
    const { conversationSid } = traces;
    const { counts } = await this.stores.erase(tx, await this.personOf(tx, erasure));
    this.move(tx, { ...erasure, conversationSid, settlesAt: this.clock.in(SETTLE_MS), counts: added(erasure.counts, counts) }, 'silence');
  }

  /** Once more, when nothing of before is under way: what a turn or a sending had in its hands meanwhile goes as well. */
  private async settle(tx: Tx, erasure: Erasure): Promise<JobOutcome> {
    if (erasure.settlesAt! > this.clock.now()) return { again: erasure.settlesAt! };
    const person = await this.personOf(tx, erasure);
    const { counts, underWay } = await this.stores.erase(tx, person);
    if (underWay > 0) {
      this.erasures.save(tx, { ...erasure, counts: added(erasure.counts, counts) }, erasure.state);
      return { again: this.clock.in(LOOK_AGAIN_MS) };
    }
    const sent = await this.traces.sentIn(tx, person.conversationSids);
    this.erasures.addCopies(tx, erasure.id, sent.map((copy) => ({ ...copy, id: uuidv7(this.clock.ms()) })));
    this.move(tx, { ...erasure, counts: added(erasure.counts, counts) }, 'settle');
  }

  /** As soon as their rows are blanked; and once more at the end, in case that something has put one anew. */
  private async removeFiles(tenantId: string, erasureId: string): Promise<void> {
    const { erasure, conversationSids } = await this.found(tenantId, erasureId);
    if (erasure && erasure.state !== 'requested' && erasure.state !== 'done') await this.copies.removeFiles(tenantId, conversationSids);
  }

  private found(tenantId: string, erasureId: string): Promise<{ erasure: Erasure | null; conversationSids: string[] }> {
    return this.database.transaction(tenantId, async (tx) => {
      const erasure = await this.erasures.find(tx, erasureId);
      return { erasure, conversationSids: erasure ? (await this.stores.whole(tx, erasure.contactId)).conversationSids : [] };
    });
  }

  private async removeCopies(tenantId: string, erasureId: string): Promise<JobOutcome> {
    const { erasure, conversationSids } = await this.found(tenantId, erasureId);
    if (erasure?.state !== 'erased') return;
    if (await this.copies.removeSome(tenantId, erasure, conversationSids)) return { again: this.clock.now() };
    await this.database.transaction(tenantId, async (tx) => {
      const locked = await this.erasures.lock(tx, erasureId);
      if (locked?.state === 'erased') this.move(tx, locked, 'remove_copies');
    });
  }

  /** A transaction of its own: what it finds stays removed even when the search finds more. */
  private async lastSweep(tx: Tx, erasure: Erasure): Promise<void> {
    const person = await this.personOf(tx, erasure);
    const { counts } = await this.stores.erase(tx, person);
    const jobErrors = await this.outbox.forgetErrors(tx, person.addresses);
    this.erasures.save(tx, { ...erasure, counts: added(erasure.counts, { ...counts, jobErrors }) }, erasure.state);
  }

  /** @throws HubError when something of the person is left: the needles come back with the rollback, and it is tried again */
  private async verify(tx: Tx, erasure: Erasure): Promise<void> {
    const { contactId } = erasure;
    const whole = await this.stores.whole(tx, contactId);
    const needles = await this.erasures.needles(tx, erasure.id);
    this.erasures.dropNeedles(tx, erasure.id);
    const remains = await this.remains.search(tx, { ...whole, needles, until: this.silentSince(erasure) });
    const left = Object.keys({ ...remains.left, ...(await this.copies.filesLeft(tx, whole.conversationSids)) });
    if (left.length > 0) throw new HubError('unavailable', 'not_erased_yet', `Of contact ${contactId} something is left in: ${left.join(', ')}.`);
    this.move(tx, { ...erasure, remains, finishedAt: this.clock.now() }, 'verify');
  }

  private async personOf(tx: Tx, erasure: Erasure): Promise<Person> {
    const needles = await this.erasures.needles(tx, erasure.id);
    const addresses = needles.filter(({ kind }) => kind === 'address').map(({ needle }) => needle);
    return { ...(await this.stores.whole(tx, erasure.contactId)), addresses: [...new Set(addresses)], until: this.silentSince(erasure) };
  }

  /** What is said from the same address later is somebody new's. */
  private silentSince({ settlesAt }: Erasure): Date {
    return settlesAt ? new Date(settlesAt.getTime() - SETTLE_MS) : this.clock.now();
  }

  private move(tx: Tx, erasure: Erasure, event: ErasureEvent): void {
    const step = erasureMachine.next(erasure.state, event);
    if (step) this.erasures.save(tx, erasure, step.to);
  }
}
