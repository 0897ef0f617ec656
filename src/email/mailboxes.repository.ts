import type { Tx } from '@throughline/database/database.js';
import type { Cursor, Mailbox } from './email.types.js';

const COLUMNS = `id, tenant_id, address, sender_name, imap, smtp, imap_password, smtp_password, folder, sent_folder, files_sent, authserv_id, plus_addressing,
  enabled, created_at, changed_at, read_at, failures, trouble`;

/** A mailbox as somebody reads it. */
type Settings = Pick<Mailbox, 'id' | 'changedAt'>;

/** SQL of `mailboxes`. */
export class MailboxesRepository {
  insert(tx: Tx, mailbox: Mailbox): void {
    tx.write(
      `insert into mailboxes (id, tenant_id, address, sender_name, imap, smtp, imap_password, smtp_password, folder, sent_folder, files_sent, authserv_id,
         plus_addressing, enabled, created_at, changed_at, connected_at) values ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11, $12, $13, $14, $15, $15, $15)`,
      [mailbox.id, mailbox.tenantId, mailbox.address, mailbox.senderName, JSON.stringify(mailbox.imap), JSON.stringify(mailbox.smtp), mailbox.imapPassword,
        mailbox.smtpPassword, mailbox.folder, mailbox.sentFolder, mailbox.filesSent, mailbox.authservId, mailbox.plusAddressing, mailbox.enabled, mailbox.createdAt],
    );
  }

  /** Whoever reads it begins anew, with what is set now. Another folder has numbers of its own, and what is there already is no news. */
  update(tx: Tx, mailbox: Mailbox, at: Date, isAnotherFolder: boolean): void {
    tx.write(
      `update mailboxes set sender_name = $2, imap = $3, smtp = $4, imap_password = $5, smtp_password = $6, folder = $7, sent_folder = $8, files_sent = $9,
         authserv_id = $10, plus_addressing = $11, enabled = $12, changed_at = $13, failures = 0, retry_at = null, trouble = null,
         uid_validity = case when $14 then null else uid_validity end, read_at = case when $14 then null else read_at end,
         connected_at = case when $14 then $13 else connected_at end, stuck_uid = null, stuck_count = 0
       where id = $1`,
      [mailbox.id, mailbox.senderName, JSON.stringify(mailbox.imap), JSON.stringify(mailbox.smtp), mailbox.imapPassword, mailbox.smtpPassword, mailbox.folder,
        mailbox.sentFolder, mailbox.filesSent, mailbox.authservId, mailbox.plusAddressing, mailbox.enabled, at, isAnotherFolder],
    );
  }

  async remove(tx: Tx, id: string): Promise<boolean> {
    return (await tx.count('delete from mailboxes where id = $1', [id])) === 1;
  }

  async find(tx: Tx, id: string): Promise<Mailbox | null> {
    const [row] = await tx.rows<Mailbox>(`select ${COLUMNS} from mailboxes where id = $1`, [id]);
    return row ?? null;
  }

  async lock(tx: Tx, id: string): Promise<Mailbox | null> {
    const [row] = await tx.rows<Mailbox>(`select ${COLUMNS} from mailboxes where id = $1 for update`, [id]);
    return row ?? null;
  }

  async at(tx: Tx, address: string): Promise<Mailbox | null> {
    const [row] = await tx.rows<Mailbox>(`select ${COLUMNS} from mailboxes where tenant_id = $1 and address = $2`, [tx.tenantId, address]);
    return row ?? null;
  }

  async list(tx: Tx, after: { at: Date; id: string } | null, limit: number): Promise<Mailbox[]> {
    return tx.rows<Mailbox>(
      `select ${COLUMNS} from mailboxes where tenant_id = $1 and ($2::timestamptz is null or (created_at, id) > ($2, $3::uuid)) order by created_at, id limit $4`,
      [tx.tenantId, after?.at ?? null, after?.id ?? null, limit],
    );
  }

  /** Those that this process reads: its own, whose lease is renewed when half of it is over, and what nobody reads. */
  async claim(tx: Tx, holder: string, now: Date, until: Date): Promise<Mailbox[]> {
    const soon = new Date((now.getTime() + until.getTime()) / 2);
    tx.write(
      `update mailboxes set lease_holder = $1, lease_until = $3 where id in (
         select id from mailboxes where enabled and (retry_at is null or retry_at <= $2)
         and (lease_until is null or lease_until <= $2 or (lease_holder = $1 and lease_until <= $4)) for update skip locked)`,
      [holder, now, until, soon],
    );
    return tx.rows<Mailbox>(`select ${COLUMNS} from mailboxes where lease_holder = $1 and lease_until > $2 and enabled and (retry_at is null or retry_at <= $2)`, [holder, now]);
  }

  /** Somebody else may read them at once. */
  release(tx: Tx, holder: string, id: string | null): void {
    tx.write('update mailboxes set lease_until = null, lease_holder = null where lease_holder = $1 and ($2::uuid is null or id = $2)', [holder, id]);
  }

  /** Null where it is gone or was set anew, as for everything below: whoever reads it with other settings has nothing to say about it. */
  async cursor(tx: Tx, { id, changedAt }: Settings): Promise<Cursor | null> {
    const [row] = await tx.rows<Omit<Cursor, 'lastUid'> & { lastUid: string }>(
      'select uid_validity, last_uid, read_at, connected_at from mailboxes where id = $1 and changed_at = $2', [id, changedAt],
    );
    return row ? { ...row, lastUid: Number(row.lastUid) } : null;
  }

  /** Never back, and nothing under numbers that do not hold any more: two who read at once end as one would. */
  advance(tx: Tx, { id, changedAt }: Settings, uidValidity: string, uid: number): void {
    tx.write(
      'update mailboxes set last_uid = greatest(last_uid, $3), stuck_uid = null, stuck_count = 0 where id = $1 and uid_validity = $2 and changed_at = $4', [id, uidValidity, uid, changedAt],
    );
  }

  /** From here on these numbers hold. */
  begin(tx: Tx, { id, changedAt }: Settings, uidValidity: string, uid: number): void {
    tx.write(
      'update mailboxes set uid_validity = $2, last_uid = $3, stuck_uid = null, stuck_count = 0 where id = $1 and uid_validity is distinct from $2 and changed_at = $4', [id, uidValidity, uid, changedAt],
    );
  }

  noteRead(tx: Tx, { id, changedAt }: Settings, at: Date): void {
    tx.write('update mailboxes set read_at = $2, failures = 0, retry_at = null, trouble = null where id = $1 and changed_at = $3', [id, at, changedAt]);
  }

  noteTrouble(tx: Tx, id: string, trouble: string, retryAt: Date): void {
    tx.write('update mailboxes set failures = failures + 1, trouble = $2, retry_at = $3 where id = $1', [id, trouble, retryAt]);
  }

  /** @returns how often the same mail could not be taken in by now */
  async noteStuck(tx: Tx, id: string, uid: number): Promise<number> {
    const [row] = await tx.rows<{ stuckCount: number }>(
      'update mailboxes set stuck_count = case when stuck_uid = $2 then stuck_count + 1 else 1 end, stuck_uid = $2 where id = $1 returning stuck_count', [id, uid],
    );
    return row?.stuckCount ?? 0;
  }
}
