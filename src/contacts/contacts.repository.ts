import type { Tx } from '@throughline/database/database.js';
import { type Address, type CodeUse, type Contact, type Trust, trusts } from './contacts.types.js';
import { isKnown } from './trust.policy.js';

/** Levels of trust at which it is known who writes. */
const KNOWN = trusts.filter(isKnown);

const CONTACT = 'c.id, c.tenant_id, c.person_key, c.display_name, c.merged_into, c.created_at';

/** SQL of `contacts` and `addresses`. */
export class ContactsRepository {
  async findByAddress(tx: Tx, channel: string, address: string): Promise<Contact | null> {
    const [row] = await tx.rows<Contact>(
      `select ${CONTACT} from addresses a join contacts c on c.id = a.contact_id where a.channel = $1 and a.address = $2`,
      [channel, address],
    );
    return row ?? null;
  }

  /** Whose phone number this is on any channel of phones. A number that somebody only claimed is nobody's. */
  async findByPhone(tx: Tx, numbers: string[]): Promise<Contact | null> {
    if (numbers.length === 0) return null;
    const [row] = await tx.rows<Contact>(
      `select ${CONTACT} from addresses a join contacts c on c.id = a.contact_id
       where a.tenant_id = $1 and a.channel in ('sms', 'whatsapp', 'rcs', 'voice') and a.address = any($2) and a.trust = any($3)
       order by c.created_at, c.id limit 1`,
      [tx.tenantId, numbers, KNOWN],
    );
    return row ?? null;
  }

  /** Insert or find by person: of two that come at once, both end with the same row. */
  async upsert(tx: Tx, contact: Contact): Promise<Contact> {
    const [row] = await tx.rows<Contact>(
      `insert into contacts as c (id, tenant_id, person_key, display_name, created_at) values ($1, $2, $3, $4, $5)
       on conflict (tenant_id, person_key) do update set display_name = coalesce(c.display_name, excluded.display_name)
       returning ${CONTACT}`,
      [contact.id, contact.tenantId, contact.personKey, contact.displayName, contact.createdAt],
    );
    return row!;
  }

  addAddress(tx: Tx, address: Address): void {
    tx.write(
      `insert into addresses (id, tenant_id, contact_id, channel, address, beside, trust, created_at) values ($1, $2, $3, $4, $5, $6, $7, $8)
       on conflict (tenant_id, channel, address) do nothing`,
      [address.id, address.tenantId, address.contactId, address.channel, address.address, address.beside, address.trust, address.createdAt],
    );
  }

  async find(tx: Tx, id: string): Promise<Contact | null> {
    const [row] = await tx.rows<Contact>(`select ${CONTACT} from contacts c where c.id = $1 and c.erased_at is null`, [id]);
    return row ?? null;
  }

  /** The rows stay as marks without a person. */
  async erase(tx: Tx, ids: string[], at: Date): Promise<{ contacts: number; addresses: number }> {
    const contacts = await tx.count(
      `update contacts set person_key = 'erased:' || id, display_name = null, erased_at = $2 where id = any($1::uuid[]) and erased_at is null`, [ids, at],
    );
    return { contacts, addresses: await tx.count('delete from addresses where contact_id = any($1::uuid[])', [ids]) };
  }

  /** The contact that goes on for this one, which may be itself. Null when it is not there. */
  async survivorOf(tx: Tx, id: string): Promise<string | null> {
    const [row] = await tx.rows<{ id: string }>(
      `with recursive chain as (
         select id, merged_into from contacts where tenant_id = $1 and id = $2
         union select c.id, c.merged_into from contacts c join chain on c.id = chain.merged_into)
       select id from chain where merged_into is null`,
      [tx.tenantId, id],
    );
    return row?.id ?? null;
  }

  /**
   * Nobody merges it, and nobody else receives its first message, until this transaction is over. Whoever is at either is
   * waited for here, before this transaction has an address that another one might wait for. Not against rows that only refer
   * to it: whoever writes those may hold a conversation that this transaction waits for.
   */
  async lock(tx: Tx, id: string): Promise<Contact | null> {
    const [row] = await tx.rows<Contact>(`select ${CONTACT} from contacts c where c.id = $1 and c.erased_at is null for no key update`, [id]);
    return row ?? null;
  }

  /** The contact and all that were merged into it, one over another. @param erased whether one that was erased is still somebody */
  async idsOfPerson(tx: Tx, id: string, { erased }: { erased: boolean }): Promise<string[]> {
    const rows = await tx.rows<{ id: string }>(
      `with recursive person as (
         select id from contacts where tenant_id = $1 and id = $2 and ($3 or erased_at is null)
         union select c.id from contacts c join person p on c.merged_into = p.id)
       select id from person`,
      [tx.tenantId, id, erased],
    );
    return rows.map((row) => row.id);
  }

  async names(tx: Tx, ids: string[]): Promise<Map<string, string | null>> {
    const rows = await tx.rows<{ id: string; displayName: string | null }>(
      'select id, display_name from contacts where id = any($1::uuid[])', [ids],
    );
    return new Map(rows.map((row) => [row.id, row.displayName]));
  }

  async list(tx: Tx, after: { at: Date; id: string } | null, limit: number): Promise<Contact[]> {
    return tx.rows<Contact>(
      `select ${CONTACT} from contacts c where c.erased_at is null and ($1::timestamptz is null or (c.created_at, c.id) > ($1, $2::uuid))
       order by c.created_at, c.id limit $3`,
      [after?.at ?? null, after?.id ?? null, limit],
    );
  }

  async addressesOf(tx: Tx, contactIds: string[]): Promise<Address[]> {
    return tx.rows<Address>(
      `select id, tenant_id, contact_id, channel, address, beside, trust, created_at from addresses
       where contact_id = any($1::uuid[]) order by created_at, id`,
      [contactIds],
    );
  }

  /** All addresses on that channel of the person at this one. */
  async namesOf(tx: Tx, channel: string, address: string): Promise<string[]> {
    const rows = await tx.rows<{ address: string }>(
      `select other.address from addresses own join addresses other on other.contact_id = own.contact_id and other.channel = own.channel
       where own.tenant_id = $1 and own.channel = $2 and own.address = $3`,
      [tx.tenantId, channel, address],
    );
    return rows.map((row) => row.address);
  }

  async trustAt(tx: Tx, channel: string, address: string): Promise<Trust | null> {
    const [row] = await tx.rows<{ trust: Trust }>(
      'select trust from addresses where tenant_id = $1 and channel = $2 and address = $3', [tx.tenantId, channel, address],
    );
    return row?.trust ?? null;
  }

  /** What was only claimed is vouched for by now. */
  vouch(tx: Tx, channel: string, address: string): void {
    tx.write(`update addresses set trust = 'verified' where tenant_id = $1 and channel = $2 and address = $3 and trust = 'claimed'`, [tx.tenantId, channel, address]);
  }

  setTrust(tx: Tx, addressId: string, trust: Trust): void {
    tx.write('update addresses set trust = $2 where id = $1', [addressId, trust]);
  }

  callUnnamed(tx: Tx, channel: string, address: string, name: string): void {
    tx.write(
      `update contacts set display_name = $4 where display_name is null
       and id = (select contact_id from addresses where tenant_id = $1 and channel = $2 and address = $3)`,
      [tx.tenantId, channel, address, name],
    );
  }

  setTrustAt(tx: Tx, channel: string, address: string, trust: Trust): void {
    tx.write('update addresses set trust = $4 where tenant_id = $1 and channel = $2 and address = $3', [tx.tenantId, channel, address, trust]);
  }

  async lockCodeUse(tx: Tx, addressId: string): Promise<CodeUse> {
    const [row] = await tx.rows<CodeUse>(
      'select codes_since as since, code_sent_at as sent_at, codes_sent as sent, codes_tried as tried from addresses where id = $1 for update', [addressId],
    );
    return row!;
  }

  setCodeUse(tx: Tx, addressId: string, use: CodeUse): void {
    tx.write(
      'update addresses set codes_since = $2, code_sent_at = $3, codes_sent = $4, codes_tried = $5 where id = $1',
      [addressId, use.since, use.sentAt, use.sent, use.tried],
    );
  }

  async findByPerson(tx: Tx, key: string): Promise<Contact | null> {
    const [row] = await tx.rows<Contact>(`select ${CONTACT} from contacts c where c.tenant_id = $1 and c.person_key = $2`, [tx.tenantId, key]);
    return row ?? null;
  }

  async contactIdsAt(tx: Tx, address: string): Promise<string[]> {
    return (await tx.rows<{ contactId: string }>('select distinct contact_id from addresses where address = $1', [address]))
      .map((row) => row.contactId);
  }
}
