import { Caller } from './caller.js';
import type { Customer } from './customer.js';
import { FRONT_DESK, type House } from './house.js';
import { Phone } from './phone.js';

/** Somebody who is told of incidents, by call and by text. */
export class OnCall extends Phone {
  /** Their phone as it texts. */
  readonly sms: Customer;

  constructor(house: House, name: string, phone: string, readonly staffId: string) {
    super(house, name, phone);
    this.sms = house.customer(phone);
  }

  /** Picks up, and hears what it is. @returns their side of the call, and the key that takes it */
  async answers(): Promise<{ call: Caller; key: string }> {
    const call = await this.rings();
    this.house.twilio.answer(call.callSid);
    const words = await call.hears(/Press \d to take it/);
    return { call, key: /Press (\d)/.exec(words)![1]! };
  }

  /** The text about it. @returns its code, and where its link leads */
  async isTexted(): Promise<{ body: string; code: string; link: string }> {
    const body = await this.sms.expectsSms(/urgent case/);
    return { body, code: /Code (\d{4})/.exec(body)![1]!, link: /https?:\S+$/.exec(body)![0] };
  }
}

/** People with a phone that they have shown to be theirs, and a policy that reaches one after the other. */
export async function onCallPeople(house: House, names: string[], waitSeconds = 60): Promise<OnCall[]> {
  const people: OnCall[] = [];
  for (const name of names) {
    const phone = `+1557${String(Math.floor(Math.random() * 1e7)).padStart(7, '0')}`;
    const contactMethods = [{ channel: 'voice', address: phone }, { channel: 'sms', address: phone }];
    const { id } = await house.api<{ id: string }>('/staff', { method: 'POST', body: { name, contactMethods } });
    // How a code shows that a number is theirs is told elsewhere.
    await house.database.query('update contact_methods set verified_at = now() where staff_id = $1', [id]);
    people.push(new OnCall(house, name, phone, id));
  }
  const steps = people.map(({ staffId }) => ({ targets: [{ kind: 'staff', staffId }], waitSeconds }));
  const { id: policyId } = await house.api<{ id: string }>('/policies', { method: 'POST', body: { name: `${names.join(', ')} ${people[0]!.phone}`, steps } });
  await house.api('/tenant', { method: 'PATCH', body: { settings: { escalation: { policyId, sender: FRONT_DESK } } } });
  return people;
}

/** Somebody with these contact methods, and a policy that reaches them by these channels. */
export async function reachedBy(house: House, name: string, methods: { channel: string; address: string }[], channels: string[]): Promise<void> {
  const { id } = await house.api<{ id: string }>('/staff', { method: 'POST', body: { name, contactMethods: methods } });
  await house.database.query('update contact_methods set verified_at = now() where staff_id = $1', [id]);
  const steps = [{ targets: [{ kind: 'staff', staffId: id }], channels, waitSeconds: 300 }];
  const { id: policyId } = await house.api<{ id: string }>('/policies', { method: 'POST', body: { name, steps } });
  await house.api('/tenant', { method: 'PATCH', body: { settings: { escalation: { policyId, sender: FRONT_DESK } } } });
}
