import { Injectable } from '@nestjs/common';
import { Database } from '@throughline/database/database.js';
import { Clock } from '@throughline/kernel/clock.js';
import { Outbox } from '@throughline/queues/outbox.js';
import { CallsService } from '../calls/calls.service.js';
import type { Call } from '../calls/calls.types.js';
import { ConversationsService } from '../conversations/conversations.service.js';
import { TenancyService } from '../tenancy/tenancy.service.js';
import type { Tenant } from '../tenancy/tenancy.types.js';
import { VapiRepository } from './vapi.repository.js';
import type { Proof, VapiCallRow } from './vapi.types.js';

/** Whether the end of a call was missed is looked up so often, in milliseconds. */
export const LOOK_EVERY_MS = 900_000;

/** A caller who was moved is not moved again before. */
const MOVE_AGAIN_MS = 5_000;

/** Which call at Vapi is which call of ours. */
@Injectable()
export class BindingsService {
  private readonly rows = new VapiRepository();

  constructor(
    private readonly database: Database,
    private readonly clock: Clock,
    private readonly outbox: Outbox,
    private readonly tenancy: TenancyService,
    private readonly calls: CallsService,
    private readonly conversations: ConversationsService,
  ) {}

  /** The same one twice is one. */
  async bind(tenantId: string, binding: Pick<VapiCallRow, 'vapiId' | 'callSid' | 'controlUrl' | 'greeting'>): Promise<void> {
    const { vapiId } = binding;
    await this.database.transaction(tenantId, async (tx) => {
      this.rows.insert(tx, { ...binding, createdAt: this.clock.now() });
      this.outbox.enqueue(tx, { name: 'vapi.close', payload: { vapiId }, key: vapiId, dueAt: this.clock.in(LOOK_EVERY_MS) });
    });
  }

  /** The call that a request is about, where whoever sent it may speak of it. */
  async admitted(proof: Proof, vapiId: string | undefined): Promise<VapiCallRow | null> {
    const row = vapiId === undefined ? null : await this.find(vapiId);
    return row && (proof === 'secret' || proof.callSid === row.callSid) ? row : null;
  }

  /** Whether the assistant may speak to this caller: not where it is switched off, nor over people. */
  async isFree({ id, settings }: Tenant, { conversationSid }: Call): Promise<boolean> {
    const owner = conversationSid ? (await this.conversations.find(id, conversationSid))?.owner : undefined;
    return settings.assistant.enabled && (owner === undefined || owner === 'assistant' || owner === 'closed');
  }

  find(vapiId: string): Promise<VapiCallRow | null> {
    return this.database.asSystem((tx) => this.rows.find(tx, vapiId));
  }

  /**
   * Vapi speaks in this call, and nobody else.
   *
   * @returns null where the call is over, or somebody else speaks in it by now; `isFirst`: it has only just begun
   */
  async answered(row: VapiCallRow): Promise<{ tenant: Tenant; call: Call & { session: string }; isFirst: boolean } | null> {
    const { tenantId, vapiId, callSid } = row;
    const { isFirst, newest } = await this.database.transaction(tenantId, async (tx) => ({
      isFirst: await this.rows.begin(tx, vapiId, this.clock.now()), newest: await this.rows.newest(tx, callSid),
    }));
    const call = newest?.vapiId === vapiId && newest.endedAt === null ? await this.calls.find(tenantId, callSid) : null;
    if (!call) return null;
    const { session } = call;
    const speaks = !isFirst && call.state === 'talking' && call.engine === 'vapi' && session !== null ? { ...call, session } : null;
    const answered = speaks ?? (await this.calls.answer(tenantId, callSid, 'vapi'));
    return answered && { tenant: await this.tenancy.tenant(tenantId), call: answered, isFirst };
  }

  /** @returns whether it is for us to see to it that what was written up to here is answered in the call: each process that is asked about it looks */
  asks({ tenantId, vapiId }: VapiCallRow, seq: number): Promise<boolean> {
    return this.database.transaction(tenantId, (tx) => this.rows.ask(tx, vapiId, seq));
  }

  /** @returns whether it is for us to move the caller now */
  moves({ tenantId, vapiId }: VapiCallRow): Promise<boolean> {
    return this.database.transaction(tenantId, (tx) => this.rows.claimMove(tx, vapiId, this.clock.now(), this.clock.in(MOVE_AGAIN_MS)));
  }

  /** The call, whoever speaks in it. Null: it is nobody's any more. */
  async found({ tenantId, callSid }: VapiCallRow): Promise<{ tenant: Tenant; call: Call } | null> {
    const call = await this.calls.find(tenantId, callSid);
    return call && call.address !== '' ? { tenant: await this.tenancy.tenant(tenantId), call } : null;
  }

  /** It is over at Vapi. @param lookAfterMs when that is acted upon */
  async end({ tenantId, vapiId }: VapiCallRow, lookAfterMs: number): Promise<void> {
    await this.database.transaction(tenantId, async (tx) => {
      this.rows.end(tx, vapiId, this.clock.now());
      this.outbox.enqueue(tx, { name: 'vapi.close', payload: { vapiId }, dueAt: this.clock.in(lookAfterMs) });
    });
  }

  /** The call itself is over. */
  async over({ tenantId, callSid }: VapiCallRow): Promise<void> {
    await this.database.transaction(tenantId, async (tx) => this.outbox.enqueue(tx, { name: 'calls.over', payload: { callSid }, key: callSid }));
  }

  async removed({ tenantId, vapiId }: VapiCallRow): Promise<void> {
    await this.database.transaction(tenantId, async (tx) => this.rows.noteRemoved(tx, vapiId, this.clock.now()));
  }
}
