import net, { type AddressInfo } from 'node:net';
import { afterAll, beforeAll, beforeEach, expect, test } from '@jest/globals';
import { eventually } from '../harness/eventually.js';
import { EscalationRoom } from './escalation.room.js';
import { diesAt, waitsAt } from './plumbing.js';

/** Where nobody listens, and nobody else's server will: no outgoing connection takes it. */
const CLOSED_PORT = 1;
const staff = (...people: { id: string }[]) => people.map(({ id }) => ({ kind: 'staff' as const, staffId: id }));

let room: EscalationRoom;
beforeAll(async () => {
  room = await EscalationRoom.open();
  await room.opensMailbox();
});
afterAll(() => room.close());
beforeEach(() => room.clock.forward(3_600_000));

test.each([
  { what: 'call', channel: 'voice', point: 'place.placed', list: 'Calls', told: 'placed', once: { calls: 1, texts: 0 } },
  { what: 'text', channel: 'sms', point: 'alert.sent', list: 'Messages', told: 'accepted', once: { calls: 0, texts: 1 } },
] as const)('a $what that a webhook notes while it is looked for is found, and there is no second one', async ({ channel, point, list, told, once }) => {
  const ada = await room.person('Ada', [channel]);
  const hasDied = diesAt(point);
  const id = await room.report(await room.policy([staff(ada)]));
  await room.run();
  expect([hasDied(), room.reached(ada)]).toEqual([true, once]);
  const [attempt] = (await room.escalation.sighted(room.tenantId, id)).attempts;
  const sid = room.sidAtTwilio(ada);
  const wasLookedFor = room.meanwhile(list, () => room.escalation.happened(room.tenantId, attempt!.id, told, 'as a webhook says', sid));
  await room.pass(60);
  expect([wasLookedFor(), room.reached(ada)]).toEqual([true, once]);
  expect((await room.escalation.sighted(room.tenantId, id)).attempts.map(({ providerSid }) => providerSid)).toEqual([sid]);
  await room.escalation.cancel(room.tenantId, id, 'Dana');
});

test('a mail server that nobody is at: whoever would get a mail is texted at once; within ten minutes the mail comes all the same, and once', async () => {
  const ada = await room.person('Ada', ['email', 'sms']);
  await room.sendsMailsTo(CLOSED_PORT);
  const id = await room.report(await room.policy([staff(ada)], 1, ['email']));
  await room.run();
  expect([room.reached(ada).texts, room.mailsTo(ada.email)]).toEqual([1, 0]);
  await room.pass(480);
  await room.sendsMailsTo();
  await room.pass(60);
  expect([room.reached(ada).texts, room.mailsTo(ada.email)]).toEqual([1, 1]);
  await room.escalation.cancel(room.tenantId, id, 'Dana');
});

test('a mail server that says nothing keeps four mails of one mailbox, and no text; 20 seconds later all are texted, and the mails come when it is well again', async () => {
  const mute = await Mute.listen();
  const [ben, ...people] = [await room.person('Ben', ['sms']), ...(await Promise.all(Array.from({ length: 7 }, (_, n) => room.person(`Ada ${n}`, ['email', 'sms']))))];
  const each = (count: number) => people.map(() => count);
  const texted = () => people.map((person) => room.reached(person).texts);
  await room.sendsMailsTo(mute.port);
  const id = await room.report(await room.policy([staff(ben!, ...people)], 1, ['email']));
  const running = room.run();
  await eventually('four mails on their way, and Ben to be texted', () => mute.callers === 4 && room.reached(ben!).texts === 1);
  room.clock.forward(20_000);
  await room.run();
  expect([texted(), mute.most]).toEqual([each(1), 4]);
  await mute.hangsUp();
  await running;
  await room.sendsMailsTo();
  await room.pass(30);
  expect([people.map(({ email }) => room.mailsTo(email)), texted()]).toEqual([each(1), each(1)]);
  await room.escalation.cancel(room.tenantId, id, 'Dana');
});

test('a call that Twilio was too busy for is on its way again with the next try: whoever looks for a lost one to the same phone does not take it for theirs', async () => {
  const ada = await room.person('Ada', ['voice']);
  const policyId = await room.policy([staff(ada)], 1, ['voice']);
  const calls = { method: 'POST', path: '/Calls\\.json$' };
  // Nobody knows what became of the first one: Twilio has not placed it.
  room.twilio.control.fault({ kind: '500-before', match: calls });
  const one = await room.report(policyId, { reason: 'One' });
  await room.run();
  await room.pass(15);
  room.twilio.control.fault({ kind: '429', match: calls });
  const other = await room.report(policyId, { reason: 'Other' });
  await room.run();
  room.clock.forward(6_000);
  const attemptOf = async (id: string): Promise<string> => (await room.escalation.sighted(room.tenantId, id)).attempts[0]!.id;
  const [first, second] = [await attemptOf(one), await attemptOf(other)];
  // Twilio's answer about the second one is on its way to us.
  const looked = waitsAt('place.placed', () => room.alert(first));
  await room.alert(second);
  expect(looked()).toEqual({ again: expect.any(Date) });
  await room.pass(60);
  const placed = room.twilio.control.requests().filter(({ method, path, status, params }) => method === 'POST' && path.endsWith('/Calls.json') && status === 201 && params['To'] === ada.phone)
    .map(({ params }) => new URL(String(params['Url'])).pathname);
  expect([first, second].map((id) => placed.filter((path) => path.includes(id)).length)).toEqual([1, 1]);
  for (const id of [one, other]) await room.escalation.cancel(room.tenantId, id, 'Dana');
});

/** Takes calls, and does not say who it is. */
class Mute {
  /** At the same time, since it listens. */
  most = 0;
  private readonly sockets = new Set<net.Socket>();

  private constructor(private readonly server: net.Server) {
    server.on('connection', (socket) => {
      this.sockets.add(socket);
      this.most = Math.max(this.most, this.sockets.size);
      socket.on('error', () => undefined).on('close', () => this.sockets.delete(socket));
    });
  }

  static async listen(): Promise<Mute> {
    const server = net.createServer();
    await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
    return new Mute(server);
  }

  get port(): number {
    return (this.server.address() as AddressInfo).port;
  }

  get callers(): number {
    return this.sockets.size;
  }

  /** And is not called any more. */
  async hangsUp(): Promise<void> {
    const closed = new Promise((resolve) => this.server.close(resolve));
    for (const socket of this.sockets) socket.destroy();
    await closed;
  }
}
