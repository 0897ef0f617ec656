import { Caller } from './caller.js';
import type { Customer } from './customer.js';
import { eventually } from './eventually.js';
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

  /** Picks up, and takes it with the key. @returns their side of the call, and the key that connects them with the person */
  async takes(): Promise<{ call: Caller; key: string }> {
    const { call, key } = await this.answers();
    await call.presses(key);
    return { call, key: /Press (\d)/.exec(await call.hears(/to be connected/))![1]! };
  }

  /** Whenever they are called once more to be connected, they pick up and press the key. @returns what somebody else waits for meanwhile */
  picksUpAgainUntil<T>(what: string, happens: () => T | undefined | Promise<T | undefined>): Promise<NonNullable<T>> {
    return eventually(what, () => {
      for (const { callSid, status } of this.calls()) {
        if (status === 'ringing') this.house.twilio.answer(callSid);
        const asked = status === 'in-progress' ? this.house.twilio.heard(callSid).findLast(({ kind }) => kind === 'say') : undefined;
        const key = /Press (\d) to be connected now/.exec(asked?.text ?? '');
        if (key) this.house.twilio.press(callSid, key[1]!);
      }
      return happens();
    });
  }

  /** Does not take the call. */
  async declines(): Promise<void> {
    this.house.twilio.decline((await this.rings()).callSid);
  }

  /** From now on nobody is there, and voicemail picks up. */
  hasVoicemail(): this {
    this.house.twilio.answering(this.phone, { how: 'voicemail', greeting: `This is ${this.name}. Please leave a message after the tone.` });
    return this;
  }

  /** A program looks at the link before its owner does, as those of messengers and of companies do. @returns what it saw last */
  async previews(link: string): Promise<string> {
    await fetch(link, { method: 'HEAD', headers: { 'User-Agent': 'WhatsApp/2.23.20.0 A' } });
    const seen: string[] = [];
    for (const agent of ['facebookexternalhit/1.1 Facebot Twitterbot/1.0', 'Mozilla/5.0 (Linux; Android 14) Chrome/130']) seen.push(await (await fetch(link, { headers: { 'User-Agent': agent } })).text());
    return seen.at(-1)!;
  }

  /** Presses the button of the page behind the link, and sees the next one. @param words on the button */
  async taps(link: string, words: RegExp): Promise<string> {
    const page = await (await fetch(link)).text();
    const form = [...page.matchAll(/<form method="post"(?: action="([^"]+)")?><button type="submit">([^<]+)/g)].find(([, , label]) => words.test(label!));
    if (!form) throw new Error(`no button like ${words} on ${page}`);
    return (await fetch(new URL(form[1] ?? link, link), { method: 'POST' })).text();
  }

  /** The text about it. @returns its code, and where its link leads */
  async isTexted(): Promise<{ body: string; code: string; link: string }> {
    const body = await this.sms.expectsSms(/urgent case/);
    return { body, code: /Code (\d{4})/.exec(body)![1]!, link: /https?:\S+$/.exec(body)![0] };
  }
}

/** Whether this person and whoever has their incident have met so often, as the record says. */
export const haveMet = async (house: House, { address }: Customer, times = 1): Promise<boolean> =>
  (await house.database.query('select 1 from callbacks where phone = $1 and met_at is not null', [address])).length >= times;

/** Moves the clock to the next time at which a clock on the wall shows this. @param zone of that wall */
export async function moveTo(house: House, time: string, zone: string): Promise<void> {
  const shown = new Intl.DateTimeFormat('en-GB', { timeZone: zone, hour: '2-digit', minute: '2-digit', second: '2-digit', hour12: false }).format(house.twilio.now());
  const seconds = (text: string): number => text.split(':').reduce((sum, part, index) => sum + Number(part) * 60 ** (2 - index), 0);
  await house.forward(`${(seconds(`${time}:00`) - seconds(shown) + 86_400) % 86_400}s`);
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
  await house.api('/tenant', { method: 'PATCH', body: { settings: { escalation: { policyId, sender: FRONT_DESK, fallback: null } } } });
  return people;
}

/** Somebody with these contact methods, and a policy that reaches them by these channels. */
export async function reachedBy(house: House, name: string, methods: { channel: string; address: string }[], channels: string[]): Promise<void> {
  const { id } = await house.api<{ id: string }>('/staff', { method: 'POST', body: { name, contactMethods: methods } });
  await house.database.query('update contact_methods set verified_at = now() where staff_id = $1', [id]);
  const steps = [{ targets: [{ kind: 'staff', staffId: id }], channels, waitSeconds: 300 }];
  const { id: policyId } = await house.api<{ id: string }>('/policies', { method: 'POST', body: { name, steps } });
  await house.api('/tenant', { method: 'PATCH', body: { settings: { escalation: { policyId, sender: FRONT_DESK, fallback: null } } } });
}

/** By the schedule Dana has the day and Ada the night; behind her come Ben and Cleo. The tenant has quiet hours, which hold nothing of this back. */
export async function nightShift(house: House, zone: string): Promise<[OnCall, OnCall, OnCall]> {
  const [ada, ben, cleo, dana] = await onCallPeople(house, ['Ada', 'Ben', 'Cleo', 'Dana']);
  const days = [1, 2, 3, 4, 5, 6, 7];
  const layer = ({ staffId }: OnCall, from: string, to: string): object => ({ name: from, level: 0, startsAt: '2026-01-01T00:00', every: 1, unit: 'weeks', rotation: [[staffId]], hours: [{ days, from, to }] });
  const layers = [layer(dana!, '07:00', '19:00'), layer(ada!, '19:00', '07:00')];
  const { id: scheduleId } = await house.api<{ id: string }>('/schedules', { method: 'POST', body: { name: 'Nights', timeZone: zone, layers } });
  const targets = [{ kind: 'schedule', scheduleId }, ...[ben!, cleo!].map(({ staffId }) => ({ kind: 'staff', staffId }))];
  const { id: policyId } = await house.api<{ id: string }>('/policies', { method: 'POST', body: { name: 'At night', steps: targets.map((target) => ({ targets: [target], waitSeconds: 60 })) } });
  await house.api('/tenant', { method: 'PATCH', body: { settings: { timeZone: zone, quietHours: { from: '21:00', to: '08:00' }, escalation: { policyId, sender: FRONT_DESK, fallback: null } } } });
  return [ada!, ben!, cleo!];
}
