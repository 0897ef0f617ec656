import type { Tx } from '@throughline/database/database.js';
import type { Fate, MailEntry } from './email.types.js';

const COLUMNS = 'id, tenant_id, mailbox_id, uid_validity, uid, provider_sid, fate, reason, created_at';

type Row = Omit<MailEntry, 'uid'> & { uid: string };

/** SQL of `mails` and `mail_handovers`. */
export class MailsRepository {
  /** What it became first counts: seen again, it is the same mail. */
  note(tx: Tx, entry: MailEntry): void {
    tx.write(
      `insert into mails (${COLUMNS}) values ($1, $2, $3, $4, $5, $6, $7, $8, $9) on conflict (mailbox_id, uid_validity, uid) do nothing`,
      [entry.id, entry.tenantId, entry.mailboxId, entry.uidValidity, entry.uid, entry.providerSid, entry.fate, entry.reason, entry.createdAt],
    );
  }

  /** Every place at which a mail was seen that is this message in the record. */
  async placesOf(tx: Tx, providerSid: string): Promise<MailEntry[]> {
    return (await tx.rows<Row>(`select ${COLUMNS} from mails where provider_sid = $1 order by created_at, id`, [providerSid])).map(entryOf);
  }

  /** Of the mails under these numbers, those whose fate has been decided since then. */
  async decided(tx: Tx, mailboxId: string, uidValidity: string, since: Date): Promise<Set<number>> {
    const rows = await tx.rows<{ uid: string }>('select uid from mails where mailbox_id = $1 and uid_validity = $2 and created_at >= $3', [mailboxId, uidValidity, since]);
    return new Set(rows.map(({ uid }) => Number(uid)));
  }

  async list(
    tx: Tx, mailboxId: string, filter: { fate: Fate | null; after: { at: Date; id: string } | null; limit: number },
  ): Promise<MailEntry[]> {
    return (await tx.rows<Row>(
      `select ${COLUMNS} from mails where tenant_id = $1 and mailbox_id = $2 and ($3::text is null or fate = $3)
       and ($4::timestamptz is null or (created_at, id) > ($4, $5::uuid)) order by created_at, id limit $6`,
      [tx.tenantId, mailboxId, filter.fate, filter.after?.at ?? null, filter.after?.id ?? null, filter.limit],
    )).map(entryOf);
  }

  /** From here on the server may have the mail. */
  noteHandover(tx: Tx, deliveryId: string, at: Date): void {
    tx.write('insert into mail_handovers (delivery_id, tenant_id, at) values ($1, $2, $3) on conflict (delivery_id) do update set at = excluded.at', [deliveryId, tx.tenantId, at]);
  }

  /** It has said that it does not. */
  forgetHandover(tx: Tx, deliveryId: string): void {
    tx.write('delete from mail_handovers where delivery_id = $1', [deliveryId]);
  }

  async handedOverAt(tx: Tx, deliveryId: string): Promise<Date | null> {
    const [row] = await tx.rows<{ at: Date }>('select at from mail_handovers where delivery_id = $1', [deliveryId]);
    return row?.at ?? null;
  }
}

const entryOf = (row: Row): MailEntry => ({ ...row, uid: Number(row.uid) });
