import fs from 'node:fs';
import path from 'node:path';
import { duration } from '@throughline/kernel/duration.js';
import { type ScriptedModel } from '@throughline/scripted-model/server.js';
import { type MailSimulator } from '@throughline/mail-simulator/server.js';
import { type VapiSimulator } from '@throughline/vapi-simulator/server.js';
import { type TwilioSimulator } from '@throughline/twilio-simulator/server.js';
import { Correspondent, DESK } from './correspondent.js';
import { Customer } from './customer.js';
import { eventually } from './eventually.js';
import { buildHouse, CLOCK_FILE, CRASH_FILE, FRONT_DESK, type HouseOptions, type Parts } from './house.parts.js';
import { HubProcess } from './hub.process.js';
import { type TestDatabase } from './postgres.js';
import { cutLines, loseQueue } from './queue.js';
import { disorder, isAnswered, isQuiet } from './quiet.js';
import { Specialist } from './specialist.js';
import { Thread } from './thread.js';
import { tidy } from './tidy.js';
import { SHOP, Visitor } from './visitor.js';

export { FRONT_DESK } from './house.parts.js';

/** A job that is to come back within this time belongs to what is under way now. */
const SOON_MS = 2_000;

/** Those of a round, by what they were opened with. Nobody shares anything where this is null. */
let shared: Map<string, Promise<House>> | null = null;

/** From now on, who opens the same house as somebody before comes into that one, and finds it as if nobody had been there. */
export function shareHouses(): void {
  shared = new Map();
}

/** Closes those that were shared, but for one that could not be opened, of which its opener was told. */
export async function closeHouses(): Promise<void> {
  for (const house of shared?.values() ?? []) await house.then((opened) => opened.leaves(), () => undefined);
}

/** Opens the whole house, with all that is in it. */
export async function openHouse(options: HouseOptions = {}): Promise<House> {
  const key = JSON.stringify(options);
  const house = shared?.get(key) ?? open(options, shared !== null);
  shared?.set(key, house);
  return house;
}

async function open(options: HouseOptions, isShared: boolean): Promise<House> {
  const house = new House(await buildHouse(options), isShared);
  await house.start();
  if (options.mail) await house.opensMailbox(DESK);
  return house;
}

export class House {
  readonly adminToken = 'test-admin-token-0001';
  readonly thread: Thread;
  private readonly customers: (Customer | Correspondent)[] = [];
  /** How far time has been moved; a hub that starts later is told. */
  private forwardedMs = 0;
  private widgetKey: string | undefined;

  constructor(
    private readonly parts: Parts,
    private readonly isShared: boolean,
  ) {
    this.thread = new Thread(this);
  }

  get url(): string {
    return this.parts.hubs.web.url;
  }

  /** The other process, where there are two. It answers HTTP as well. */
  get workerUrl(): string {
    return this.parts.hubs.worker.url;
  }

  get twilio(): TwilioSimulator['control'] {
    return this.parts.twilio.control;
  }

  get twilioOrigin(): string {
    return this.parts.twilio.origin;
  }

  get model(): ScriptedModel {
    return this.parts.model;
  }

  get account(): Parts['account'] {
    return this.parts.account;
  }

  get database(): TestDatabase {
    return this.parts.database;
  }

  get post(): MailSimulator['control'] {
    return this.parts.mail!.control;
  }

  get vapi(): VapiSimulator['control'] {
    return this.parts.vapi!.control;
  }

  async violations(): Promise<readonly unknown[]> {
    return (await this.parts.referee?.violations()) ?? [];
  }

  /** The files of attachments that lie in DATA_DIR. */
  get keptFiles(): string[] {
    const folder = path.join(this.parts.dataDir, 'media');
    if (!fs.existsSync(folder)) return [];
    return fs.readdirSync(folder, { recursive: true, withFileTypes: true }).filter((entry) => entry.isFile()).map((entry) => entry.name);
  }

  get log(): string {
    return [...this.processes].map((hub) => hub.log).join('\n');
  }

  customer(address = `+1555${String(Math.floor(Math.random() * 1e7)).padStart(7, '0')}`, ourNumber = FRONT_DESK): Customer {
    const customer = new Customer(this, address, ourNumber);
    this.customers.push(customer);
    return customer;
  }

  /** People who are called, in this order, when a caller asks for somebody. */
  async specialists(names: string[], settings: object = {}): Promise<Specialist[]> {
    const people = names.map((name) => new Specialist(this, name, `+1556${String(Math.floor(Math.random() * 1e7)).padStart(7, '0')}`));
    const asByDefault = { mode: null, style: null, ringSeconds: null, holdSeconds: null, keywords: null };
    const transfer = { ...asByDefault, specialists: people.map(({ name, phone }) => ({ name, phone })), ...settings };
    await this.api('/tenant', { method: 'PATCH', body: { settings: { transfer } } });
    return people;
  }

  /** Somebody new on a page with a widget on it, their session opened. @param at the page's origin, and the hub process that it speaks to */
  async visitor(at: { origin?: string; hub?: string } = {}): Promise<Visitor> {
    this.widgetKey ??= (await this.api<{ key: string }>('/widgets', { method: 'POST', body: { title: 'Front desk', allowedOrigins: [SHOP] } })).key;
    return new Visitor(this, this.widgetKey, at.origin, at.hub).opens();
  }

  /** Callers of the front desk come to this engine. */
  async speaksBy(engine: string): Promise<void> {
    const { id } = await this.api<{ id: string }>('/senders', { method: 'POST', body: { channel: 'voice', address: FRONT_DESK, engine } });
    if (!id) throw new Error('the sender was not made');
  }

  correspondent(address = `ada.${String(Math.floor(Math.random() * 1e7))}@example.test`, ourMailbox = DESK): Correspondent {
    const correspondent = new Correspondent(this.parts.mail!, address, ourMailbox);
    this.customers.push(correspondent);
    return correspondent;
  }

  /** A mailbox at the simulated mail servers, which the hub reads from now on. @returns its id */
  async opensMailbox(address: string, { filesSent = false, ...settings }: { filesSent?: boolean; authservId?: string; plusAddressing?: boolean } = {}, token = this.adminToken): Promise<string> {
    const password = 'a mailbox password';
    const { imapPort, smtpPort } = await this.post.addMailbox({ address, password, filesSent });
    const server = { host: '127.0.0.1', security: 'none', user: address, password };
    const { id } = await this.api<{ id: string }>('/mailboxes', {
      method: 'POST', token, body: { address, filesSent, imap: { ...server, port: imapPort }, smtp: { ...server, port: smtpPort }, authservId: 'mx.mail.test', plusAddressing: true, ...settings },
    });
    await eventually(`${address} to be read`, async () => (await this.database.query('select 1 from mailboxes where id = $1 and read_at is not null', [id])).length > 0);
    return id;
  }

  /** Waits until the hub has read all that is in the mailbox. */
  async hasRead(address = DESK): Promise<void> {
    await eventually(`all mails of ${address} to be read`, async () => {
      const [row] = await this.database.query<{ uid: string }>('select last_uid::text as uid from mailboxes where address = $1', [address]);
      return Number(row?.uid) >= this.post.mailbox(address).lastUid;
    });
  }

  /** Starts what does not run. */
  async start(): Promise<void> {
    // Before anybody can reach it: what it heard by an earlier time would be long overdue when it is told the real one.
    fs.writeFileSync(path.join(this.parts.dataDir, CLOCK_FILE), String(this.forwardedMs));
    for (const hub of this.processes) {
      if (hub.running) continue;
      await hub.start();
      await hub.moveClock(0); // It looks at once at what its predecessor left behind.
    }
  }

  /** Ends everything as an operator would (SIGTERM). */
  async stop(): Promise<void> {
    for (const hub of this.processes) await hub.stop();
  }

  /** Ends everything and starts it with these settings. */
  async restartWith(settings: Record<string, string>): Promise<void> {
    await this.stop();
    for (const hub of this.processes) hub.configure(settings);
    await this.start();
  }

  get exitCodes(): (number | null)[] {
    return [...this.processes].map((hub) => hub.exitCode);
  }

  /** Waits until the record has this text of Twilio's. */
  async knows(messageSid: string): Promise<void> {
    await eventually(`${messageSid} to be in the record`, async () => (await this.database.query(
      'select 1 from inbox where provider_sid = $1 union all select 1 from messages where provider_sid = $1', [messageSid],
    )).length > 0);
  }

  /** SIGKILL to every process. */
  async killAll(): Promise<void> {
    for (const hub of this.processes) await hub.kill();
  }

  /** The process that comes to this point next dies there; `send.claimed#2` means the second time. */
  diesAt(point: string): void {
    fs.writeFileSync(path.join(this.parts.dataDir, CRASH_FILE), point);
  }

  /** Waits for the planned death, then starts what died. */
  async comesBack(): Promise<void> {
    await Promise.race([...this.processes].map((hub) => hub.gone()));
    await this.start();
  }

  async kill(which: 'web' | 'worker'): Promise<void> {
    await this.parts.hubs[which].kill();
  }

  /** Moves time for Twilio and for the hub. */
  async forward(time: string): Promise<void> {
    const ms = duration(time);
    this.forwardedMs += ms;
    this.twilio.forward(ms);
    for (const hub of this.processes) {
      if (!hub.running) continue;
      // It may be just then that it dies as planned: it is told when it comes back.
      await hub.moveClock(ms).catch((error: unknown) => eventually(`the hub to be dead, which took no time (${String(error)})`, () => !hub.running, 5_000));
    }
  }

  /** The queue forgets everything it knew. */
  async loseQueue(): Promise<void> {
    await loseQueue(this.database, this.parts.redisUrl);
  }

  /** Every connection over which the processes hear of each other's sockets breaks. */
  readonly cutLines = (): Promise<void> => cutLines(this.database, this.parts.redisUrl);

  async api<T>(pathAndQuery: string, init: { method?: string; body?: unknown; token?: string; headers?: Record<string, string> } = {}): Promise<T> {
    const answer = await this.call(pathAndQuery, init);
    if (answer.status === 429) {
      await new Promise((resolve) => setTimeout(resolve, Number(answer.headers.get('retry-after')) * 1_000));
      return this.api<T>(pathAndQuery, init);
    }
    if (!answer.ok) throw new Error(`${init.method ?? 'GET'} ${pathAndQuery}: ${answer.status} ${await answer.text()}`);
    return (await (answer.status === 204 ? undefined : answer.json())) as T;
  }

  call(pathAndQuery: string, init: { method?: string; body?: unknown; token?: string; headers?: Record<string, string> } = {}): Promise<Response> {
    return fetch(`${this.url}/api/v1${pathAndQuery}`, {
      method: init.method ?? 'GET',
      headers: {
        Authorization: `Bearer ${init.token ?? this.adminToken}`, ...(init.body === undefined ? {} : { 'Content-Type': 'application/json' }), ...init.headers,
      },
      ...(init.body === undefined ? {} : { body: JSON.stringify(init.body) }),
    });
  }

  /** Nothing is under way, due, or about to be: not at Twilio, not in the hub. */
  async settle(): Promise<void> {
    await eventually('the house to be quiet', () => isQuiet(this.parts, SOON_MS));
  }

  /** Programs do what is theirs to do now, however slow the machine: a second of people is long. Not for ever, where there is always something. */
  async pause(): Promise<void> {
    await eventually('', () => isAnswered(this.parts), 5_000).catch(() => undefined);
  }

  /** The end of every journey: the house comes to rest, nobody got a text that was not expected, nothing was lost, doubled or left half-done. */
  async expectQuiet(): Promise<void> {
    await this.settle();
    const complaints = await disorder(this, this.customers);
    if (complaints.length > 0) throw new Error(`The house is not in order.\n${complaints.join('\n')}`);
  }

  /** The journey is over. A house that others come into is left as it was found. */
  async close(): Promise<void> {
    await (this.isShared ? tidy(this, this.parts.dataDir) : this.leaves());
  }

  /** Everybody is gone. */
  async leaves(): Promise<void> {
    for (const hub of this.processes) await hub.kill();
    for (const close of this.parts.closers) await close();
  }

  private get processes(): Set<HubProcess> {
    return new Set([this.parts.hubs.web, this.parts.hubs.worker]);
  }
}
