import type { Tx } from '@throughline/database/database.js';
import { uuidv7 } from '@throughline/kernel/ids.js';
import { erasedAddress } from './address.js';
import { binding } from './consent.policy.js';
import { ANY_SENDER, type Consent, type ConsentWord, type Reach } from './contacts.types.js';

const COLUMNS = `id, channel, address, sender, purpose, state, source, wording, evidence, message_id, confirmation_id,
  recorded_by, changed_at, recorded_at`;

/** SQL of `consents`, the ledger: rows are added and read. */
export class ConsentsRepository {
  append(tx: Tx, consent: Consent): void {
    tx.write(...insertOf(tx, consent));
  }

  /** @returns false when the ledger has a word with this id */
  async appendOnce(tx: Tx, consent: Consent): Promise<boolean> {
    const [sql, values] = insertOf(tx, consent);
    return (await tx.rows(`${sql} on conflict (id) do nothing returning 1`, values)).length === 1;
  }

  /**
   * The newest word of each purpose and state that is about this way; also what was said before its contact was erased.
   *
   * @param names what the address is called there, its own name among them
   */
  async deciding(tx: Tx, { channel, sender }: Reach, names: string[]): Promise<ConsentWord[]> {
    return tx.rows<ConsentWord>(
      `select distinct on (purpose, state) purpose, state, changed_at, seq from consents
       where tenant_id = $1 and channel = $2 and address = any($3) and sender in ($4, '${ANY_SENDER}')
       order by purpose, state, changed_at desc, seq desc`,
      [tx.tenantId, channel, [...names, ...names.map((name) => erasedAddress(tx.tenantId, channel, name))], sender],
    );
  }

  /** The newest word of each purpose and state for each of our senders on these channels; also what was said before its contact was erased. */
  async said(tx: Tx, channels: readonly string[], address: string): Promise<(ConsentWord & Pick<Reach, 'channel' | 'sender'>)[]> {
    return tx.rows(
      `select distinct on (channel, sender, purpose, state) channel, sender, purpose, state, changed_at, seq from consents
       where tenant_id = $1 and channel = any($2) and address = any($3)
       order by channel, sender, purpose, state, changed_at desc, seq desc`,
      [tx.tenantId, channels, [address, ...channels.map((channel) => erasedAddress(tx.tenantId, channel, address))]],
    );
  }

  /** Whether the message confirms what the person said about consent. */
  async isConfirmation(tx: Tx, messageId: string): Promise<boolean> {
    return (await tx.rows('select 1 from consents where tenant_id = $1 and confirmation_id = $2', [tx.tenantId, messageId])).length > 0;
  }

  async find(tx: Tx, id: string): Promise<Consent | null> {
    const [row] = await tx.rows<Consent>(`select ${COLUMNS} from consents where id = $1`, [id]);
    return row ?? null;
  }

  /** The newest word about each way and purpose. */
  async current(tx: Tx, addresses: string[]): Promise<Consent[]> {
    return tx.rows<Consent>(
      `select ${COLUMNS} from (
         select distinct on (channel, address, sender, purpose) * from consents where tenant_id = $1 and address = any($2)
         order by channel, address, sender, purpose, changed_at desc, seq desc) newest
       order by changed_at, seq`,
      [tx.tenantId, addresses],
    );
  }

  /**
   * Everything from this address up to `until`, on any channel. Where a stop is the newest word of some kind, what decides stays
   * under a name that is no address, without its wording; an agreement to more than answers ends with the person.
   *
   * @param twins what the same account on WhatsApp may be known by later, when nobody knows any more that they belong together
   */
  async erase(tx: Tx, { address, twins }: { address: string; twins: string[] }, until: Date): Promise<{ kept: number; removed: number }> {
    const gone = await tx.rows<Consent & Pick<ConsentWord, 'seq'>>(
      `delete from consents where tenant_id = $1 and address = $2 and changed_at <= $3 returning ${COLUMNS}, seq`, [tx.tenantId, address, until],
    );
    const kept = binding(gone);
    for (const consent of kept) {
      const names = consent.channel === 'whatsapp' ? [address, ...twins] : [address];
      for (const name of names) {
        this.append(tx, {
          ...consent, id: uuidv7(until.getTime()), address: erasedAddress(tx.tenantId, consent.channel, name),
          wording: null, messageId: null, confirmationId: null, recordedBy: null,
        });
      }
    }
    return { kept: kept.length, removed: gone.length - kept.length };
  }

  /** In the order in which they were noted. */
  async history(tx: Tx, addresses: string[], after: { at: Date; id: string } | null, limit: number): Promise<Consent[]> {
    return tx.rows<Consent>(
      `select ${COLUMNS} from consents where tenant_id = $1 and address = any($2)
       and ($3::timestamptz is null or (recorded_at, id) > ($3, $4::uuid)) order by recorded_at, id limit $5`,
      [tx.tenantId, addresses, after?.at ?? null, after?.id ?? null, limit],
    );
  }
}

const insertOf = (tx: Tx, consent: Consent): [sql: string, values: unknown[]] => [
  `insert into consents (tenant_id, ${COLUMNS}) values ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11, $12, $13, $14, $15)`,
  [tx.tenantId, consent.id, consent.channel, consent.address, consent.sender, consent.purpose, consent.state, consent.source, consent.wording,
    consent.evidence, consent.messageId, consent.confirmationId, consent.recordedBy, consent.changedAt, consent.recordedAt],
];
