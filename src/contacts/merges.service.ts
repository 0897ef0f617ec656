import { Injectable } from '@nestjs/common';
import type { Tx } from '@throughline/database/database.js';
import { Clock } from '@throughline/kernel/clock.js';
import { conflict, invalid, notFound } from '@throughline/kernel/errors.js';
import { isUuid, uuidv7 } from '@throughline/kernel/ids.js';
import { personKey } from './address.js';
import { ContactsRepository } from './contacts.repository.js';
import type { Address, Contact, Merge, Merging } from './contacts.types.js';
import { MergesRepository } from './merges.repository.js';

/** Two contacts become one person, and two again. Nothing of either is deleted: their addresses change hands. */
@Injectable()
export class MergesService {
  private readonly contacts = new ContactsRepository();
  private readonly merges = new MergesRepository();

  constructor(private readonly clock: Clock) {}

  /**
   * Both contacts' rows are locked from here on, so that nobody new arrives at either meanwhile.
   *
   * @returns `fresh`: false when they had been merged before
   * @throws HubError `conflict` when one of them has gone into somebody else
   */
  async merge(tx: Tx, { absorbedId, survivingId, staff, reason }: Merging): Promise<{ merge: Merge; fresh: boolean }> {
    if (absorbedId === survivingId) throw invalid('intoContactId: this is the same contact', [{ path: 'intoContactId', message: 'this is the same contact' }]);
    const [absorbed, surviving] = await this.lockBoth(tx, absorbedId, survivingId);
    const known = await this.merges.ofAbsorbed(tx, absorbed.id);
    if (known?.survivingId === surviving.id) return { merge: known, fresh: false };
    for (const { id, mergedInto } of [absorbed, surviving]) {
      if (mergedInto) throw conflict('merged_already', `Contact ${id} has been merged into ${mergedInto}.`);
    }
    const mergedAt = this.clock.now();
    const addressIds = await this.merges.moveAll(tx, absorbed.id, surviving.id);
    const merge: Merge = {
      id: uuidv7(mergedAt.getTime()), absorbedId: absorbed.id, survivingId: surviving.id, addressIds, staff, reason, mergedAt, undoneAt: null, undoneBy: null,
    };
    this.merges.insert(tx, merge);
    this.merges.setMergedInto(tx, absorbed.id, surviving.id);
    return { merge, fresh: true };
  }

  /**
   * What was moved goes back, with the addresses that came since and could only be the absorbed person's.
   *
   * @returns `fresh`: false when it had been undone before
   * @throws HubError `conflict` when the surviving contact has itself been merged since
   */
  async undo(tx: Tx, mergeId: string, staff: string): Promise<{ merge: Merge; fresh: boolean }> {
    const found = isUuid(mergeId) ? await this.merges.find(tx, mergeId) : null;
    if (!found) throw notFound('merge', mergeId);
    const [absorbed, surviving] = await this.lockBoth(tx, found.absorbedId, found.survivingId);
    const merge = (await this.merges.find(tx, mergeId))!;
    if (merge.undoneAt) return { merge, fresh: false };
    if (surviving.mergedInto) throw conflict('merged_since', `Contact ${surviving.id} has been merged into ${surviving.mergedInto} since. Undo that first.`);
    const back = goingBack(await this.contacts.addressesOf(tx, [surviving.id]), merge, absorbed);
    await this.merges.move(tx, back.map(({ id }) => id), surviving.id, absorbed.id);
    const undoneAt = this.clock.now();
    this.merges.setUndone(tx, merge.id, staff, undoneAt);
    this.merges.setMergedInto(tx, absorbed.id, null);
    return { merge: { ...merge, undoneAt, undoneBy: staff }, fresh: true };
  }

  /** Every merge that one of these contacts took part in, oldest first. */
  of(tx: Tx, contactIds: string[]): Promise<Merge[]> {
    return this.merges.ofContacts(tx, contactIds);
  }

  /** Takes away why they were merged. Twice is once. */
  erase(tx: Tx, contactIds: string[]): Promise<number> {
    return this.merges.erase(tx, contactIds);
  }

  /** In one order, whoever goes into whom. */
  private async lockBoth(tx: Tx, firstId: string, secondId: string): Promise<[Contact, Contact]> {
    for (const id of [firstId, secondId]) if (!isUuid(id)) throw notFound('contact', id);
    const found = new Map<string, Contact>();
    for (const id of [firstId, secondId].toSorted()) {
      const contact = await this.contacts.lock(tx, id);
      if (!contact) throw notFound('contact', id);
      found.set(id, contact);
    }
    return [found.get(firstId)!, found.get(secondId)!];
  }
}

/**
 * What was moved, what came since and is the absorbed person's number, and other names of the same accounts: left behind, such a name
 * would bring the one's messages into the other's thread.
 */
function goingBack(addresses: readonly Address[], { addressIds }: Merge, { personKey: key }: Contact): Address[] {
  const theirs = addresses.filter(({ id, channel, address, trust }) => addressIds.includes(id) || personKey(channel, address, trust) === key);
  const isNameOf = (name: Address, one: Address): boolean => name.channel === one.channel && name.beside === one.address;
  return addresses.filter((each) => theirs.includes(each) || theirs.some((one) => isNameOf(each, one)));
}
