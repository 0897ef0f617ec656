import { uuidv7 } from '@throughline/kernel/ids.js';
import type { Tx } from './database.js';

export interface TransitionEntry {
  /** Null: not of a conversation. Its cause must not name a person's address then, since nobody's erasure comes by. */
  conversationSid: string | null;
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

/** Changes from a time when nobody knew yet in which conversation they were. */
export function placeTransitions(tx: Tx, { machine, entityId, conversationSid }: Pick<TransitionEntry, 'machine' | 'entityId' | 'conversationSid'>): void {
  tx.write(
    `update transitions set conversation_sid = $4 where tenant_id = $1 and machine = $2 and entity_id = $3 and conversation_sid = ''`,
    [tx.tenantId, machine, entityId, conversationSid],
  );
}

export interface Transition {
  id: string;
  machine: string;
  entityId: string;
  fromState: string;
  toState: string;
  cause: string;
  at: Date;
}

/** Reads what every machine has written. */
export class Transitions {
  async list(tx: Tx, conversationSid: string, after: { at: Date; id: string } | null, limit: number): Promise<Transition[]> {
    return tx.rows<Transition>(
      `select id, machine, entity_id, from_state, to_state, cause, at from transitions
       where tenant_id = $1 and conversation_sid = $2 and ($3::timestamptz is null or (at, id) > ($3, $4::uuid))
       order by at, id limit $5`,
      [tx.tenantId, conversationSid, after?.at ?? null, after?.id ?? null, limit],
    );
  }

  /** What became of something that belongs to no conversation, oldest first. */
  async of(tx: Tx, entityId: string, after: { at: Date; id: string } | null, limit: number): Promise<Transition[]> {
    return tx.rows<Transition>(
      `select id, machine, entity_id, from_state, to_state, cause, at from transitions
       where tenant_id = $1 and conversation_sid is null and entity_id = $2 and ($3::timestamptz is null or (at, id) > ($3, $4::uuid))
       order by at, id limit $5`,
      [tx.tenantId, entityId, after?.at ?? null, after?.id ?? null, limit],
    );
  }

  /** What became of an incident and of each attempt of it, oldest first. */
  async ofIncident(tx: Tx, entityIds: readonly string[]): Promise<Transition[]> {
    return tx.rows<Transition>(
      `select id, machine, entity_id, from_state, to_state, cause, at from transitions
       where tenant_id = $1 and entity_id = any($2::text[]) and machine in ('incident', 'incident_attempt') order by at, id`,
      [tx.tenantId, entityIds],
    );
  }

  /** That something changed stays; why may quote the customer. */
  async erase(tx: Tx, conversationSid: string, before: Date | null = null): Promise<number> {
    return tx.count(
      `update transitions set cause = '[erased]' where tenant_id = $1 and conversation_sid = $2 and cause <> '[erased]' and ($3::timestamptz is null or at < $3)`,
      [tx.tenantId, conversationSid, before],
    );
  }

  /** The changes of one machine of a conversation at or after `since`, oldest first. */
  async since(tx: Tx, conversationSid: string, machine: string, since: Date): Promise<Transition[]> {
    return tx.rows<Transition>(
      `select id, machine, entity_id, from_state, to_state, cause, at from transitions
       where tenant_id = $1 and conversation_sid = $2 and at >= $3 and machine = $4 order by at, id`,
      [tx.tenantId, conversationSid, since, machine],
    );
  }
}
