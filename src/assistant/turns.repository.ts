import type { ModelUsage } from '@throughline/llm/model.types.js';
import type { Tx } from '@throughline/database/database.js';
import type { Turn, TurnEnding } from './assistant.types.js';

const COLUMNS = 'id, tenant_id, conversation_sid, up_to_seq, epoch, attempt';

export interface TurnEnd {
  state: TurnEnding;
  error: string | null;
  model: string;
  usage: ModelUsage;
}

/** SQL of `turns`. */
export class TurnsRepository {
  /**
   * Makes the turn, or takes it over from a process whose lease has run out.
   *
   * @returns null when it is over, or somebody is at it
   */
  async claim(
    tx: Tx, turn: Omit<Turn, 'attempt' | 'tenantId'>, { now, leaseUntil, isAlone }: { now: Date; leaseUntil: Date; isAlone: boolean },
  ): Promise<Turn | null> {
    const [row] = await tx.rows<Turn>(
      `insert into turns (id, tenant_id, conversation_sid, up_to_seq, epoch, state, lease_until, started_at)
       select $1, $2, $3, $4, $5, 'running', $6, $7
       where not exists (select 1 from turns where tenant_id = $2 and conversation_sid = $3 and up_to_seq = $4 and state = 'said')
       on conflict (tenant_id, conversation_sid, up_to_seq, epoch) do update
       set lease_until = excluded.lease_until, attempt = turns.attempt + 1
       where turns.state = 'running' and (turns.lease_until <= $7 or $8)
       returning ${COLUMNS}`,
      [turn.id, tx.tenantId, turn.conversationSid, turn.upToSeq, turn.epoch, leaseUntil, now, isAlone],
    );
    return row ?? null;
  }

  /** The turn up to this message that nobody has ended. */
  async running(tx: Tx, conversationSid: string, upToSeq: number): Promise<(Turn & { leaseUntil: Date }) | null> {
    const [row] = await tx.rows<Turn & { leaseUntil: Date }>(
      `select ${COLUMNS}, lease_until from turns
       where tenant_id = $1 and conversation_sid = $2 and up_to_seq = $3 and state = 'running' order by epoch desc limit 1`,
      [tx.tenantId, conversationSid, upToSeq],
    );
    return row ?? null;
  }

  async runningBefore(tx: Tx, conversationSid: string, upToSeq: number, epoch: number): Promise<Turn[]> {
    return tx.rows<Turn>(
      `select ${COLUMNS} from turns where tenant_id = $1 and conversation_sid = $2 and up_to_seq = $3 and epoch < $4 and state = 'running'`, [tx.tenantId, conversationSid, upToSeq, epoch],
    );
  }

  /** @returns false where it was said, is running, or never was */
  async reopen(tx: Tx, { conversationSid, upToSeq, epoch }: Pick<Turn, 'conversationSid' | 'upToSeq' | 'epoch'>, now: Date): Promise<boolean> {
    return (await tx.count(
      `update turns set state = 'running', lease_until = $5, ended_at = null, attempt = attempt + 1
       where tenant_id = $1 and conversation_sid = $2 and up_to_seq = $3 and epoch = $4 and state = 'superseded'`,
      [tx.tenantId, conversationSid, upToSeq, epoch, now],
    )) === 1;
  }

  async leftOver(tx: Tx, conversationSid: string): Promise<Turn[]> {
    return tx.rows<Turn>(`select ${COLUMNS} from turns where tenant_id = $1 and conversation_sid = $2 and state = 'running'`, [tx.tenantId, conversationSid]);
  }

  /** @returns false when somebody else has the turn by now, or has ended it */
  async end(tx: Tx, turn: Turn, end: TurnEnd, at: Date): Promise<boolean> {
    return (await tx.count(
      `update turns set state = $3, ended_at = $4, error = $5, model = $6,
       prompt_tokens = coalesce(prompt_tokens, 0) + $7, completion_tokens = coalesce(completion_tokens, 0) + $8
       where id = $1 and state = 'running' and attempt = $2`,
      [turn.id, turn.attempt, end.state, at, end.error, end.model, end.usage.inputTokens, end.usage.outputTokens],
    )) === 1;
  }

  async unanswered(tx: Tx, ids: string[]): Promise<string[]> {
    return (await tx.rows<{ id: string }>(`select id from turns where tenant_id = $1 and id = any($2::uuid[]) and state in ('failed', 'handed_off')`, [tx.tenantId, ids]))
      .map(({ id }) => id);
  }

  /** Oldest first. */
  async everythingIn(tx: Tx, conversationSid: string): Promise<Record<string, unknown>[]> {
    return tx.rows(
      `select id, up_to_seq, epoch, state, attempt, model, prompt_tokens, completion_tokens, error, started_at, ended_at
       from turns where tenant_id = $1 and conversation_sid = $2 order by started_at, id`,
      [tx.tenantId, conversationSid],
    );
  }

  /** How many are being thought of now. */
  async underWay(tx: Tx, conversationSid: string, now: Date): Promise<number> {
    return (await tx.rows(
      `select 1 from turns where tenant_id = $1 and conversation_sid = $2 and state = 'running' and lease_until > $3`, [tx.tenantId, conversationSid, now],
    )).length;
  }

  /** Errors may quote; and what its process left behind, nobody will end any more. */
  async erase(tx: Tx, conversationSid: string, now: Date): Promise<number> {
    return tx.count(
      `update turns set error = null, state = case when state = 'running' then 'superseded' else state end, ended_at = coalesce(ended_at, $3)
       where tenant_id = $1 and conversation_sid = $2 and ((state = 'running' and lease_until <= $3) or (state <> 'running' and error is not null))`,
      [tx.tenantId, conversationSid, now],
    );
  }

  /** Lets the next attempt begin at once. */
  release(tx: Tx, turn: Turn, error: string, at: Date): void {
    tx.write(
      `update turns set lease_until = $3, error = $4 where id = $1 and state = 'running' and attempt = $2`,
      [turn.id, turn.attempt, at, error.slice(0, 500)],
    );
  }
}
