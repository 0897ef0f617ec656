import type { Tx } from '@throughline/database/database.js';

/** SQL of `withheld`: what the model is not shown any more, because the person wants it forgotten. */
export class WithheldRepository {
  add(tx: Tx, conversationSid: string, itemIds: string[], byTurn: string | null): void {
    tx.write(
      `insert into withheld (tenant_id, conversation_sid, item_id, by_turn)
       select $1, $2, item, $4 from unnest($3::uuid[]) as item on conflict do nothing`,
      [tx.tenantId, conversationSid, [...new Set(itemIds)], byTurn],
    );
  }

  /** Ids of messages and of turns. */
  async of(tx: Tx, conversationSid: string): Promise<Set<string>> {
    const rows = await tx.rows<{ itemId: string }>(
      'select item_id from withheld where tenant_id = $1 and conversation_sid = $2', [tx.tenantId, conversationSid],
    );
    return new Set(rows.map((row) => row.itemId));
  }

  async erase(tx: Tx, conversationSid: string): Promise<number> {
    return tx.count('delete from withheld where tenant_id = $1 and conversation_sid = $2', [tx.tenantId, conversationSid]);
  }

  /** Whether this message is withheld by anybody else than this very turn. */
  async isWithheld(tx: Tx, messageId: string, turnId: string | null): Promise<boolean> {
    return (await tx.rows(
      'select 1 from withheld where tenant_id = $1 and item_id = $2 and (by_turn is null or by_turn is distinct from $3::uuid)', [tx.tenantId, messageId, turnId],
    )).length > 0;
  }
}
