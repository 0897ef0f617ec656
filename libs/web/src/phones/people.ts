import type { Phone } from '../live/simulator.types.js';

const names = ['Maya', 'Jonas', 'Priya', 'Tomás', 'Aiko', 'Lena', 'Samir', 'Chloé', 'Diego', 'Ingrid', 'Noah', 'Zuri', 'Emil', 'Farah', 'Ruth', 'Mateo'];

/** Who is there when nobody has a phone yet. */
export const FIRST_PERSON = { address: '+15552010001', name: 'Maya' };

/** Whom the front desk puts callers through to, and who is on call: beside the first person, so that somebody can pick up. */
export const SPECIALIST = { address: '+15552010099', name: 'Dr. Lee' };

/** `whatsapp:+1555…` and `+1555…` are one person's phone. */
export const bare = (address: string): string => address.slice(address.indexOf(':') + 1);

export const channelOf = (address: string): string => (address.includes(':') ? address.slice(0, address.indexOf(':')) : 'sms');

/** The customer's address of the same kind as the number they write to. */
export const addressToward = (person: string, peer: string): string => (peer.includes(':') ? `${channelOf(peer)}:${person}` : person);

/** Everything that a phone can write to: our numbers, and each of them on WhatsApp too, where it is not listed as such. */
export function apps<N extends { phoneNumber: string }>(numbers: readonly N[]): N[] {
  const listed = new Set(numbers.map(({ phoneNumber }) => phoneNumber));
  return numbers.flatMap((number) => {
    const whatsapp = `whatsapp:${number.phoneNumber}`;
    return number.phoneNumber.startsWith('+') && !listed.has(whatsapp) ? [number, { ...number, phoneNumber: whatsapp }] : [number];
  });
}

/** One phone a person, with the messages of all its apps in order. */
export function people(phones: Phone[]): Phone[] {
  const byNumber = new Map<string, Phone>();
  for (const phone of phones) {
    const address = bare(phone.address);
    const known = byNumber.get(address);
    const outcomes = { ...known?.outcomes, [phone.address]: phone.outcome };
    byNumber.set(address, { ...(known ? joined(known, phone) : { ...phone, address }), outcomes });
  }
  return [...byNumber.values()];
}

function joined(one: Phone, other: Phone): Phone {
  return {
    ...one,
    name: one.name ?? other.name ?? null,
    optedOutOf: [...one.optedOutOf, ...other.optedOutOf],
    messages: [...one.messages, ...other.messages].sort((a, b) => Date.parse(a.at) - Date.parse(b.at)),
  };
}

export function newPerson(taken: Phone[], random = Math.random): { address: string; name: string } {
  const free = names.filter((name) => !taken.some((phone) => phone.name === name));
  const pool = free.length > 0 ? free : names;
  const name = pool[Math.floor(random() * pool.length)]!;
  const address = `+1555${2 + Math.floor(random() * 8)}${String(Math.floor(random() * 1_000_000)).padStart(6, '0')}`;
  return taken.some((phone) => phone.address === address) ? newPerson(taken, random) : { address, name };
}

/** +1 555 201 0001 */
export function spaced(address: string): string {
  const number = bare(address);
  const match = /^\+1(\d{3})(\d{3})(\d{4})$/.exec(number);
  return match ? `+1 ${match[1]} ${match[2]} ${match[3]}` : number;
}

const colours = ['petrol.8', 'indigo.8', 'grape.8', 'orange.9', 'green.9', 'pink.8', 'blue.8', 'violet.8'];

export function colourOf(address: string): string {
  const sum = [...address].reduce((total, sign) => (total * 31 + sign.charCodeAt(0)) % 9_973, 7);
  return colours[sum % colours.length]!;
}

export const received = (phone: Phone): number => phone.messages.filter(({ direction }) => direction === 'received').length;
