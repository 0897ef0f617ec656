import type { Tx } from '@throughline/database/database.js';

export type ToolCallOutcome = 'started' | 'done' | 'refused' | 'failed' | 'timed_out';

export interface NewToolCall {
  id: string;
  conversationSid: string;
  turnId: string;
  callId: string;
  tool: string;
  arguments: unknown;
}

/** SQL of `tool_calls`, the audit of what the assistant did. */
export class ToolCallsRepository {
  open(tx: Tx, call: NewToolCall, at: Date): void {
    tx.write(
      `insert into tool_calls (id, tenant_id, conversation_sid, turn_id, call_id, tool, arguments, outcome, started_at)
       values ($1, $2, $3, $4, $5, $6, $7, 'started', $8)`,
      [call.id, tx.tenantId, call.conversationSid, call.turnId, call.callId, call.tool, JSON.stringify(call.arguments), at],
    );
  }

  /** @param tools only calls of these; what they were given and what came of it is gone */
  blank(tx: Tx, conversationSid: string, tools: string[]): void {
    tx.write(
      `update tool_calls set arguments = '{}', result = null where tenant_id = $1 and conversation_sid = $2 and tool = any($3)`,
      [tx.tenantId, conversationSid, tools],
    );
  }

  /** Oldest first. */
  async everythingIn(tx: Tx, conversationSid: string): Promise<Record<string, unknown>[]> {
    return tx.rows(
      `select id, turn_id, tool, arguments, outcome, result, started_at, ended_at
       from tool_calls where tenant_id = $1 and conversation_sid = $2 order by started_at, id`,
      [tx.tenantId, conversationSid],
    );
  }

  async erase(tx: Tx, conversationSid: string, before: Date | null): Promise<number> {
    return tx.count(
      `update tool_calls set arguments = '{}', result = null
       where tenant_id = $1 and conversation_sid = $2 and (arguments <> '{}' or result is not null) and ($3::timestamptz is null or started_at < $3)`,
      [tx.tenantId, conversationSid, before],
    );
  }

  close(tx: Tx, id: string, outcome: ToolCallOutcome, result: string, at: Date): void {
    tx.write(
      `update tool_calls set outcome = $2, result = $3, ended_at = $4 where id = $1 and outcome = 'started'`,
      [id, outcome, result.slice(0, 2_000), at],
    );
  }
}
