import type { Tx } from '@throughline/database/database.js';

export interface Transition {
  id: string;
  machine: string;
  entityId: string;
  fromState: string;
  toState: string;
  cause: string;
  at: Date;
}

/** Reads `transitions`, which every machine writes through `recordTransition`. */
export class TransitionsRepository {
  async list(tx: Tx, conversationSid: string, after: { at: Date; id: string } | null, limit: number): Promise<Transition[]> {
    return tx.rows<Transition>(
      `select id, machine, entity_id, from_state, to_state, cause, at from transitions
       where tenant_id = $1 and conversation_sid = $2 and ($3::timestamptz is null or (at, id) > ($3, $4::uuid))
       order by at, id limit $5`,
      [tx.tenantId, conversationSid, after?.at ?? null, after?.id ?? null, limit],
    );
  }

  /** That something changed stays; why may quote the customer. */
  async erase(tx: Tx, conversationSid: string, before: Date | null = null): Promise<number> {
    return tx.count(
      `update transitions set cause = '[erased]' where tenant_id = $1 and conversation_sid = $2 and cause <> '[erased]' and ($3::timestamptz is null or at < $3)`,
      [tx.tenantId, conversationSid, before],
    );
  }

  /** The conversation's changes of owner at or after `since`, oldest first. */
  async ownersSince(tx: Tx, conversationSid: string, since: Date): Promise<Transition[]> {
    return tx.rows<Transition>(
      `select id, machine, entity_id, from_state, to_state, cause, at from transitions
       where tenant_id = $1 and conversation_sid = $2 and at >= $3 and machine = 'ownership' order by at, id`,
      [tx.tenantId, conversationSid, since],
    );
  }
}
