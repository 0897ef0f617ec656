import { uuidv7 } from '@throughline/kernel/ids.js';
import type { Tx } from './database.js';

export interface TransitionEntry {
  conversationSid: string;
  machine: string;
  entityId: string;
  from: string;
  to: string;
  /** What brought it about, in words a person can read: an event, an error number, a name. */
  cause: string;
  at: Date;
}

/** One row of the audit log, in the transaction that changed the state. */
export function recordTransition(tx: Tx, entry: TransitionEntry): void {
  tx.write(
    `insert into transitions (id, tenant_id, conversation_sid, machine, entity_id, from_state, to_state, cause, at)
     values ($1, $2, $3, $4, $5, $6, $7, $8, $9)`,
    [uuidv7(entry.at.getTime()), tx.tenantId, entry.conversationSid, entry.machine, entry.entityId,
      entry.from, entry.to, entry.cause.slice(0, 500), entry.at],
  );
}
