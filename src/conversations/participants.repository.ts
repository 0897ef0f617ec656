import type { Tx } from '@throughline/database/database.js';
import type { Participant } from './conversations.types.js';

/** SQL of `participants`. */
export class ParticipantsRepository {
  add(tx: Tx, participant: Participant, at: Date): void {
    tx.write(
      `insert into participants (tenant_id, conversation_sid, identity, channel, address, created_at)
       values ($1, $2, $3, $4, $5, $6) on conflict do nothing`,
      [tx.tenantId, participant.conversationSid, participant.identity, participant.channel, participant.address, at],
    );
  }

  async find(tx: Tx, conversationSid: string, identity: string): Promise<Participant | null> {
    const [row] = await tx.rows<Participant>(
      `select conversation_sid, identity, channel, address, participant_sid from participants
       where tenant_id = $1 and conversation_sid = $2 and identity = $3`,
      [tx.tenantId, conversationSid, identity],
    );
    return row ?? null;
  }

  async of(tx: Tx, conversationSid: string): Promise<Participant[]> {
    return tx.rows<Participant>(
      `select conversation_sid, identity, channel, address, participant_sid from participants
       where tenant_id = $1 and conversation_sid = $2 order by created_at`,
      [tx.tenantId, conversationSid],
    );
  }

  async erase(tx: Tx, conversationSid: string): Promise<number> {
    return tx.count('delete from participants where tenant_id = $1 and conversation_sid = $2', [tx.tenantId, conversationSid]);
  }

  setSid(tx: Tx, conversationSid: string, identity: string, participantSid: string): void {
    tx.write(
      'update participants set participant_sid = $4 where tenant_id = $1 and conversation_sid = $2 and identity = $3',
      [tx.tenantId, conversationSid, identity, participantSid],
    );
  }
}
