import { afterAll, afterEach, beforeAll, describe, expect, test } from '@jest/globals';
import { duration } from '@throughline/kernel/duration.js';
import { HubError } from '@throughline/kernel/errors.js';
import { uuidv7 } from '@throughline/kernel/ids.js';
import type { JobRequest } from '@throughline/queues/outbox.js';
import { eventually } from '../harness/eventually.js';
import { freshRedis } from '../harness/redis.js';
import { QueueRoom } from './queue.room.js';

const SID = 'CH0123456789abcdef0123456789abcdef';
const turn = (upToSeq: number): JobRequest => ({ name: 'assistant.turn', payload: { conversationSid: SID, upToSeq } });
const boom = (text = 'boom') => (): Promise<never> => Promise.reject(new Error(text));

describe.each(process.env['TEST_REDIS_URL'] ? ['postgres', 'redis'] : ['postgres'])('on %s', (backend) => {
  let room: QueueRoom;
  beforeAll(async () => {
    room = await QueueRoom.open(backend === 'redis' ? (await freshRedis())['REDIS_URL'] : undefined);
  });
  afterEach(async () => {
    room.work.runs.length = 0;
    await room.query('delete from outbox');
  });
  afterAll(() => room.close());

  const seqs = (): unknown[] => room.work.runs.map(({ payload }) => payload['upToSeq']);
  /** The job has failed or was put off, and waits in the queue for its time. */
  const waits = (): Promise<unknown> => eventually('the job to wait', () => room.delayed('assistant.turn'));

  test('a job of a transaction that was rolled back never was', async () => {
    const rolledBack = room.database.transaction(room.tenantId, async (tx) => {
      room.enqueueIn(tx, turn(1));
      throw new Error('changed my mind');
    });
    await expect(rolledBack).rejects.toThrow('changed my mind');
    expect([await room.outbox(), await room.queued('assistant.turn')]).toEqual([[], 0]);
    await room.enqueue(turn(2));
    await room.quiet(1);
    expect(seqs()).toEqual([2]);
  });

  test('a job of a committed transaction runs once, for its tenant, with its ids, and leaves nothing behind', async () => {
    await room.enqueue(turn(1), { name: 'conversations.mirror', payload: { conversationSid: SID } });
    await room.quiet(2);
    expect(room.work.runs).toHaveLength(2);
    expect(room.work.runs).toEqual(expect.arrayContaining([
      { name: 'assistant.turn', tenantId: room.tenantId, payload: { conversationSid: SID, upToSeq: 1 } },
      { name: 'conversations.mirror', tenantId: room.tenantId, payload: { conversationSid: SID } },
    ]));
  });

  test('a hundred jobs of a hundred transactions are a hundred runs', async () => {
    await Promise.all(Array.from({ length: 100 }, (_, n) => room.enqueue(turn(n))));
    await room.quiet(100);
    expect(new Set(seqs()).size).toBe(100);
    expect(room.work.runs).toHaveLength(100);
  });

  test('a job with a key, asked for while it waits, is one job; another tenant\'s key is another', async () => {
    const later = (): JobRequest => ({ ...turn(7), key: 'k', dueAt: room.clock.in(duration('10m')) });
    await room.enqueue(later());
    await Promise.all([room.enqueue(later()), room.enqueue(later())]);
    const other = uuidv7(2);
    await room.database.transaction(other, (tx) => room.enqueueIn(tx, later()));
    expect(await room.outbox()).toHaveLength(2);
    await room.forward(duration('11m'));
    await room.quiet(2);
    expect(room.work.runs.map(({ tenantId }) => tenantId).sort()).toEqual([room.tenantId, other].sort());
  });

  test('a job comes back at the time it asked for, and not before', async () => {
    const at = room.clock.in(duration('15m'));
    room.work.next(() => Promise.resolve({ again: at }));
    await room.enqueue(turn(1));
    await room.ran(1);
    await waits();
    expect((await room.outbox())[0]).toMatchObject({ due_at: at, failures: 0, last_error: null });
    await room.forward(duration('14m'));
    expect([room.work.runs.length, await room.delayed('assistant.turn')]).toEqual([1, true]);
    await room.forward(duration('2m'));
    await room.quiet(2);
    expect(seqs()).toEqual([1, 1]);
  });

  test('a job that failed waits, runs again, and then all is well', async () => {
    room.work.next(boom('the printer is on fire'));
    await room.enqueue(turn(1));
    await room.ran(1);
    await waits();
    const [row] = await room.outbox();
    expect(row).toMatchObject({ failures: 1, last_error: 'Error: the printer is on fire', dead_at: null });
    await room.forward(duration('1m'));
    await room.quiet(2);
  });

  test('what the other side asked for is waited for', async () => {
    room.work.next(() => Promise.reject(new HubError('unavailable', 'busy', 'Later.', { retryAfterMs: duration('30m') })));
    const before = room.clock.ms();
    await room.enqueue(turn(1));
    await room.ran(1);
    await waits();
    expect((await room.outbox())[0]!.due_at.getTime()).toBeGreaterThanOrEqual(before + duration('30m'));
    await room.forward(duration('31m'));
    await room.quiet(2);
  });

  test('a job that fails for ever is set aside with its error, and asked for by its key lives again', async () => {
    room.work.next(...Array.from({ length: 5 }, (_, n) => boom(`failure ${n + 1}`)));
    await room.enqueue({ ...turn(1), key: 'stubborn' });
    for (let failures = 1; failures <= 5; failures++) {
      await room.ran(failures);
      if (failures < 5) await waits();
      if (failures < 5) await room.forward(duration('6m'));
    }
    const row = await eventually('the job to be set aside', async () => (await room.outbox()).find(({ dead_at }) => dead_at));
    expect(row).toMatchObject({ failures: 5, last_error: 'Error: failure 5', generation: 0 });
    expect(await room.rows.counts()).toEqual({ waiting: 0, failing: 0, dead: 1, oldestDueAt: null });
    await room.forward(duration('1d'));
    expect([room.work.runs.length, await room.queued('assistant.turn')]).toEqual([5, 0]);

    await room.enqueue({ ...turn(2), key: 'stubborn' });
    await room.quiet(6);
    expect(seqs().at(-1)).toBe(2);
  });

  test('a job that keeps failing is counted as such, until it goes well once', async () => {
    await room.enqueue({ name: 'conversations.reconcile', payload: {}, dueAt: room.clock.in(duration('5m')) });
    await room.query(`update outbox set failures = 7, last_error = 'away'`);
    expect(await room.rows.counts()).toMatchObject({ waiting: 1, failing: 0, dead: 0 });
    room.work.next(boom('still away'));
    await room.forward(duration('6m'));
    await eventually('one more failure', async () => (await room.rows.counts()).failing === 1);
    const wellAgain = room.clock.in(duration('1h'));
    room.work.next(() => Promise.resolve({ again: wellAgain }));
    await room.ran(1);
    await eventually('the job to wait', async () => (await room.outbox())[0]!.due_at > room.clock.now());
    await room.forward(duration('6m'));
    await eventually('the job to be well', async () => (await room.outbox())[0]!.due_at.getTime() === wellAgain.getTime());
    expect((await room.outbox())[0]).toMatchObject({ failures: 0, last_error: null });
    expect(await room.rows.counts()).toMatchObject({ waiting: 1, failing: 0 });
  });

  test('jobs that the queue has lost are given to it again', async () => {
    await room.enqueue({ ...turn(1), dueAt: room.clock.in(duration('1h')) }, { ...turn(2), dueAt: room.clock.in(duration('1h')) });
    expect(await room.queued('assistant.turn')).toBe(2);
    await room.lose();
    expect(await room.queued('assistant.turn')).toBe(0);
    await room.forward(duration('59m'));
    expect(room.work.runs).toEqual([]);
    room.clock.forward(duration('2m'));
    await room.sweeps();
    await room.quiet(2);
    expect(seqs().sort()).toEqual([1, 2]);
  });

  test('a job whose worker hangs is given to another one, so whoever works must be ready to work twice', async () => {
    let wakeUp!: () => void;
    room.work.next(() => new Promise<void>((resolve) => (wakeUp = resolve)));
    await room.enqueue(turn(1));
    await room.ran(1);
    await room.forward(duration('60s'));
    expect((await room.outbox())[0]!.generation).toBe(0);
    await room.forward(duration('60s'));
    await room.ran(2);
    expect((await room.query('select 1 from outbox where generation = 0'))).toEqual([]);
    wakeUp();
    await room.quiet(2);
    expect(seqs()).toEqual([1, 1]);
  });

  test('a payload out of shape is refused before anything is written', async () => {
    const wrong = { name: 'delivery.send', payload: { messageId: 'seven' } } as JobRequest;
    await expect(room.enqueue(turn(1), wrong)).rejects.toMatchObject({ name: 'ZodError' });
    expect([await room.outbox(), await room.queued('assistant.turn')]).toEqual([[], 0]);
  });

  test('a row whose payload nobody understands any more fails like any other job, with a line to read', async () => {
    await room.query(
      `insert into outbox (id, tenant_id, name, payload, due_at, wake_at, created_at) values ($1, $2, 'assistant.turn', '{"old": 1}', $3, $3, $3)`,
      [uuidv7(3), room.tenantId, room.clock.in(-60_000)],
    );
    await room.sweeps();
    const row = await eventually('its failure', async () => (await room.outbox()).find(({ failures }) => failures === 1));
    expect(row.last_error).toContain('conversationSid');
    expect(room.work.runs).toEqual([]);
    await waits();
  });

  test('two sweeps at once do not take the same row', async () => {
    await room.enqueue(...Array.from({ length: 40 }, (_, n): JobRequest => ({ ...turn(n), dueAt: room.clock.in(duration('1h')) })));
    const now = room.clock.in(duration('2h'));
    const taken = (await Promise.all(Array.from({ length: 4 }, () => room.rows.claimDue(now, 4_000, false)))).flat().map(({ id }) => id);
    expect([taken.length, new Set(taken).size]).toEqual([40, 40]);
    expect(await room.rows.claimDue(now, 4_000, false)).toEqual([]);
    expect(await room.rows.counts()).toMatchObject({ waiting: 40, dead: 0 });
  });
});
