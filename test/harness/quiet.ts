import type { House } from './house.js';
import type { Parts } from './house.parts.js';

const GOES_ON = new Set(['queued', 'initiated', 'ringing', 'in-progress']);

/** Nothing is under way, or due within this time: not at Twilio, not in the hub. */
export async function isQuiet(parts: Parts, withinMs: number): Promise<boolean> {
  const { idle } = await parts.twilio.control.idle();
  return idle && (parts.vapi?.control.isIdle ?? true) && (await dueIn(parts, withinMs)).length === 0;
}

/** Every webhook is answered, and every job done, that somebody waits for now: clocks may be late by seconds. Calls go on, with somebody speaking in each. */
export async function isAnswered(parts: Parts): Promise<boolean> {
  const { inFlight } = await parts.twilio.control.idle(0);
  return inFlight === 0 && (await dueIn(parts, 0)).every((name) => name.endsWith('.clock'));
}

/** What kinds of job are due. */
async function dueIn({ twilio, database }: Parts, withinMs: number): Promise<string[]> {
  const soon = new Date(twilio.control.now().getTime() + withinMs);
  const rows = await database.query<{ name: string }>('select distinct name from outbox where dead_at is null and due_at <= $1', [soon]);
  return rows.map(({ name }) => name);
}

/** What an owner of the house would call wrong at the end of the day; empty when all is well. */
export async function disorder(house: House, customers: readonly { address: string; unexpected(): unknown[] }[]): Promise<string[]> {
  const unexpected = customers.flatMap((customer) => customer.unexpected());
  const strangers = house.twilio.phones().filter((phone) => !customers.some((customer) => customer.address === phone.address));
  const strays = strangers.flatMap((phone) => phone.messages.filter((message) => message.direction === 'received'));
  const rows = (sql: string): Promise<unknown[]> => house.database.query(sql);
  return [
    ...complaint('unexpected texts', unexpected),
    ...complaint('texts to strangers', strays),
    ...complaint('jobs set aside', await rows('select name, last_error from outbox where dead_at is not null')),
    ...complaint('messages not mirrored', await rows(`select id, seq from messages where mirror_state in ('pending', 'posting')`)),
    ...complaint('texts half-way', await rows(`select id, state from deliveries where state in ('pending', 'sending', 'retry_wait')`)),
    ...complaint('calls that nobody ended', await rows(`select call_sid, state from calls where state <> 'ended'`)),
    ...complaint('calls that go on', house.twilio.calls().filter(({ status }) => GOES_ON.has(status)).map(({ callSid, to, status }) => ({ callSid, to, status }))),
    ...complaint('calls of ours half-way', await rows(`select id, state from outbound_calls where state in ('placing', 'ringing', 'talking', 'leaving')`)),
    ...complaint('callers who still wait', await rows(`select id, state from transfers where state not in ('returned', 'caller_left')`)),
    ...complaint('incidents that nobody looks after', await rows(`select id, state from incidents where state in ('armed', 'notifying', 'waiting')`)),
    ...complaint('texts and calls to staff half-way', await rows(`select id, channel, state from incident_attempts where state in ('pending', 'ringing', 'answered')`)),
    ...complaint('people on their way to each other', await rows(`select id, state from callbacks where state not in ('over', 'unanswered', 'taker_gone')`)),
    ...complaint('words half-said', await rows(`select id, body from messages where channel = 'voice' and status = 'sending'`)),
    ...complaint('turns nobody ended', await rows(`select id, up_to_seq from turns where state = 'running'`)),
    ...complaint('messages not received', await rows('select provider_sid from inbox where done_at is null')),
    ...complaint('Conversations unlike the record', await unlike(house)),
    ...complaint('transactions that ask for a second connection', house.log.match(/SecondConnection: [^\n]*(\n +at [^\n]*){1,6}/g) ?? []),
    ...complaint('objections of the referee', await house.violations()),
  ];
}

const complaint = (what: string, cases: readonly unknown[]): string[] => (cases.length === 0 ? [] : [`${what}: ${JSON.stringify(cases)}`]);

/** Each message of the record is in its Conversation once, and in the record's order. */
async function unlike(house: House): Promise<unknown[]> {
  const known = await house.database.query<{ sid: string; posted: string[] }>(
    `select conversation_sid as sid, coalesce(array_agg(id::text order by seq) filter (where mirror_state = 'mirrored'), '{}') as posted
     from messages join conversations using (conversation_sid) where erased_at is null group by conversation_sid`,
  );
  return known.flatMap(({ sid, posted }) => {
    const marks = house.twilio.conversation(sid).messages.map((message) => JSON.parse(message.attributes) as { messageId?: string; part?: number });
    const there = marks.flatMap(({ messageId, part }) => (messageId && part === undefined ? [messageId] : []));
    return JSON.stringify(there) === JSON.stringify(posted) ? [] : [{ sid, posted, there }];
  });
}
