import type { Tx } from '@throughline/database/database.js';
import type { MediaFile } from './media.types.js';

const COLUMNS = 'id, tenant_id, conversation_sid, message_id, position, state, content_type, size, sha256, storage_key, reason, created_at';

/** SQL of `media_files`. */
export class MediaRepository {
  /** The first look at an attachment counts: a second one, by a job that was run twice, found the same. */
  insert(tx: Tx, file: MediaFile): void {
    tx.write(
      `insert into media_files (${COLUMNS}) values ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11, $12)
       on conflict (message_id, position) do nothing`,
      [file.id, tx.tenantId, file.conversationSid, file.messageId, file.position, file.state, file.contentType, file.size, file.sha256,
        file.storageKey, file.reason, file.createdAt],
    );
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
}
