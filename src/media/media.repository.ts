import type { Tx } from '@throughline/database/database.js';
import type { MediaFile } from './media.types.js';

const COLUMNS = 'id, tenant_id, conversation_sid, message_id, position, state, content_type, size, sha256, storage_key, reason, created_at, filename';

/** SQL of `media_files`. */
export class MediaRepository {
  /** The first look at an attachment counts: a second one, by a job that was run twice, found the same. */
  insert(tx: Tx, file: MediaFile): void {
    tx.write(
      `insert into media_files (${COLUMNS}) values ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11, $12, $13)
       on conflict (message_id, position) do nothing`,
      [file.id, tx.tenantId, file.conversationSid, file.messageId, file.position, file.state, file.contentType, file.size, file.sha256,
        file.storageKey, file.reason, file.createdAt, file.filename],
    );
  }

  /** Of every message of a conversation, in their places. */
  async inConversation(tx: Tx, conversationSid: string): Promise<MediaFile[]> {
    return tx.rows<MediaFile>(
      `select ${COLUMNS} from media_files where tenant_id = $1 and conversation_sid = $2 order by message_id, position`, [tx.tenantId, conversationSid],
    );
  }

  /**
   * Nothing stays but where each file is, so that it can be removed; also of attachments that nobody has looked at, so that nobody does.
   *
   * @returns how many there were
   */
  async erase(tx: Tx, conversationSid: string, gone: Pick<MediaFile, 'id' | 'messageId' | 'position' | 'storageKey'>[], at: Date): Promise<number> {
    return tx.count(
      `insert into media_files as m (id, tenant_id, conversation_sid, message_id, position, state, storage_key, created_at)
       select g.id, $1, $2, g."messageId", g.position, 'erased', g."storageKey", $4
       from jsonb_to_recordset($3::jsonb) as g (id uuid, "messageId" uuid, position int, "storageKey" text)
       on conflict (message_id, position) do update
       set state = 'erased', content_type = null, size = null, sha256 = null, filename = null, reason = null,
         storage_key = coalesce(m.storage_key, excluded.storage_key)
       where m.state <> 'erased'`,
      [tx.tenantId, conversationSid, JSON.stringify(gone), at],
    );
  }

  /** All of a conversation, also what its messages say nothing of any more. @returns how many there were */
  async eraseRest(tx: Tx, conversationSid: string): Promise<number> {
    return tx.count(
      `update media_files set state = 'erased', content_type = null, size = null, sha256 = null, filename = null, reason = null
       where tenant_id = $1 and conversation_sid = $2 and state <> 'erased'`,
      [tx.tenantId, conversationSid],
    );
  }

  /** Where the files of erased attachments are, or were. @param messageIds null for all of the conversation */
  async erasedKeys(tx: Tx, conversationSid: string, messageIds: string[] | null): Promise<string[]> {
    return (await tx.rows<{ storageKey: string }>(
      `select storage_key from media_files where tenant_id = $1 and conversation_sid = $2 and state = 'erased' and storage_key is not null
       and ($3::uuid[] is null or message_id = any($3)) order by message_id, position`,
      [tx.tenantId, conversationSid, messageIds],
    )).map((row) => row.storageKey);
  }

  /** Of each message in their places. */
  async of(tx: Tx, messageIds: string[]): Promise<MediaFile[]> {
    return tx.rows<MediaFile>(`select ${COLUMNS} from media_files where message_id = any($1::uuid[]) order by position`, [messageIds]);
  }

  async find(tx: Tx, conversationSid: string, messageId: string, position: number): Promise<MediaFile | null> {
    const [row] = await tx.rows<MediaFile>(
      `select ${COLUMNS} from media_files where conversation_sid = $1 and message_id = $2 and position = $3`, [conversationSid, messageId, position],
    );
    return row ?? null;
  }

  async byId(tx: Tx, id: string): Promise<MediaFile | null> {
    const [row] = await tx.rows<MediaFile>(`select ${COLUMNS} from media_files where tenant_id = $1 and id = $2`, [tx.tenantId, id]);
    return row ?? null;
  }
}
