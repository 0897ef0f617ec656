import type { Button, Message, Phone } from '../entities.js';
import { isoMillis } from '../wire.js';
import type { World } from '../world.js';

export interface PhoneMessage {
  sid: string;
  /** As the phone's owner sees it: `sent` to one of our numbers, `received` from one. */
  direction: 'sent' | 'received';
  peer: string;
  body: string;
  media: string[];
  /** What can be tapped below it. */
  buttons: Button[];
  status: string;
  errorCode: number | null;
  at: string;
}

export interface PhoneView {
  address: string;
  name?: string;
  outcome: string;
  optedOutOf: string[];
  messages: PhoneMessage[];
}

const OUTCOME = /^(delivered|read|silent(:(queued|sent|delivered))?|(undelivered|failed|rejected):\d{5})$/;

export const newPhone = (address: string): Phone => ({ sid: address, address, name: null, outcome: 'delivered' });

/** The phone of this address; it comes into being with its first text. */
export function phoneAt(world: World, address: string): Phone {
  const known = world.store.phones.get(address);
  if (known) return known;
  const phone = world.store.phones.save(newPhone(address));
  world.feed.emit('phone', { address, outcome: phone.outcome });
  return phone;
}

/** Whether the phone of this number can do RCS: until somebody says otherwise it can. */
export const canRcs = (world: World, number: string): boolean => !/:6303[56]$/.test(world.store.phones.get(`rcs:${number}`)?.outcome ?? '');

export function setPhone(world: World, wanted: { address: string; name?: string; outcome?: string }): PhoneView {
  if (wanted.outcome !== undefined && !OUTCOME.test(wanted.outcome)) {
    throw new RangeError(
      `"${wanted.outcome}" is not an outcome: delivered, read, undelivered:30003, failed:30005, rejected:21211, ` +
        'silent, silent:queued or silent:delivered',
    );
  }
  const phone = phoneAt(world, wanted.address);
  phone.name = wanted.name ?? phone.name;
  phone.outcome = wanted.outcome ?? phone.outcome;
  world.store.phones.save(phone);
  const view = viewPhone(world, phone);
  world.feed.emit('phone', { address: view.address, name: view.name, outcome: view.outcome });
  return view;
}

export function viewPhone(world: World, phone: Phone): PhoneView {
  return {
    address: phone.address,
    ...(phone.name === null ? {} : { name: phone.name }),
    outcome: phone.outcome,
    optedOutOf: world.store.optOutsByRecipient.of(phone.address).map((row) => row.scope),
    messages: world.store.messagesByPhone.of(phone.address).map(viewMessage),
  };
}

function viewMessage(message: Message): PhoneMessage {
  const sent = message.direction === 'inbound';
  return {
    sid: message.sid,
    direction: sent ? 'sent' : 'received',
    peer: (sent ? message.to : message.from) ?? message.messagingServiceSid ?? '',
    body: message.text,
    media: message.media.map((one) => one.url),
    buttons: message.buttons ?? [],
    status: message.status,
    errorCode: message.errorCode,
    at: isoMillis(message.createdAt),
  };
}
