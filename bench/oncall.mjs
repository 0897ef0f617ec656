// Somebody has to be woken: from the report to Twilio's yes, a due step among many open incidents, and all of them due at one moment.
import { randomUUID } from 'node:crypto';
import { ShiftableClock } from '@throughline/kernel/clock.js';
import { openBackend } from '@throughline/queues/backend.js';
import { Relay } from '@throughline/queues/relay.js';
import { Queue } from 'bullmq';
import { api, openHouse, phone, quantile } from './house.mjs';
import { sendWebhooks } from './load.mjs';
import { seedPeople } from './seed.mjs';

const STAFF = 40;
const OPEN = Number(process.env.BENCH_INCIDENTS ?? 10_000);
const PER_SECOND = { reports: 2, due: 10, webhooks: 50 };
const PEOPLE = 1_000;
const BATCH = 500;
/** Nobody waits so long for the last of them. */
const PATIENCE_MS = 900_000;

export async function oncall({ seconds }) {
  const house = await openHouse();
  try {
    await seedPeople(house.pool, PEOPLE);
    // What is measured is the ladder, not the answers to those who text meanwhile.
    await fetch(`${house.hub}/api/v1/tenant`, {
      method: 'PATCH', headers: { Authorization: 'Bearer bench-admin-token-0001', 'Content-Type': 'application/json' }, body: JSON.stringify({ settings: { assistant: { enabled: false } } }),
    });
    const policies = await peopleOnCall(house);
    const rows = [...(await alone(house, policies, Math.min(seconds, 30))), ...(await among(house, policies, Math.min(seconds, 30)))];
    return [...rows, ...(await atOnce(house, policies))];
  } finally {
    await house.close();
  }
}

/** Forty people, each with a policy of their own. */
async function peopleOnCall(house) {
  const policies = [];
  for (let index = 0; index < STAFF; index++) {
    const address = phone(5_000_000 + index);
    const { id: staffId } = await api(house.hub, '/staff', { name: `Person ${index}`, contactMethods: [{ channel: 'voice', address }, { channel: 'sms', address }] });
    const { id } = await api(house.hub, '/policies', { name: `Policy ${index}`, steps: [{ targets: [{ kind: 'staff', staffId }], waitSeconds: 86_400 }] });
    policies.push({ id, staffId });
  }
  await house.pool.query('update contact_methods set verified_at = now()');
  return policies;
}

async function alone(house, policies, seconds) {
  const ids = [];
  const total = PER_SECOND.reports * seconds;
  for (let index = 0; index < total; index++) {
    const { id } = await api(house.hub, '/incidents', { reason: 'Chest pain', policyId: policies[index % STAFF].id });
    ids.push(id);
    await new Promise((resolve) => setTimeout(resolve, 1_000 / PER_SECOND.reports));
  }
  const accepted = await until(async () => {
    const { rows } = await house.pool.query(
      `select (extract(epoch from max(a.dispatched_at) - i.created_at) * 1000)::float8 as took, (extract(epoch from max(a.dispatched_at) - min(a.dispatched_at)) * 1000)::float8 as apart
       from incidents i join incident_attempts a on a.incident_id = i.id where i.id = any($1) group by i.id having count(a.dispatched_at) = 2`, [ids]);
    return rows.length === total ? rows : null;
  });
  const [took, apart] = ['took', 'apart'].map((name) => accepted.map((row) => row[name]).sort((a, b) => a - b));
  return [{
    what: `emergency reported -> call and text both accepted, ${PER_SECOND.reports}/s`, budget: 'p50 <= 100 ms, p99 <= 500 ms, <= 100 ms apart',
    figure: `p50 ${quantile(took, 0.5).toFixed(0)} ms, p95 ${quantile(took, 0.95).toFixed(0)} ms, p99 ${quantile(took, 0.99).toFixed(0)} ms; apart p50 ${quantile(apart, 0.5).toFixed(0)} ms, p99 ${quantile(apart, 0.99).toFixed(0)} ms; ${accepted.length} of ${total}`,
  }];
}

async function among(house, policies, seconds) {
  const seeding = await opened(house);
  const far = Date.now() + 6 * 3_600_000;
  await seeding.add(OPEN, policies, () => far);
  const total = PER_SECOND.due * seconds;
  const from = Date.now() + 3_000;
  const ids = await seeding.add(total, policies, (index) => from + (index * 1_000) / PER_SECOND.due);
  await seeding.close();
  const late = await until(async () => {
    const { rows } = await house.pool.query(
      'select (extract(epoch from min(a.created_at) - i.wanted_at) * 1000)::float8 as ms from bench_due i join incident_attempts a on a.incident_id = i.id where i.id = any($1) group by i.id, i.wanted_at', [ids]);
    return rows.length === total ? rows.map(({ ms }) => ms).sort((a, b) => a - b) : null;
  });
  return [{
    what: `due step fires late by, ${PER_SECOND.due}/s, ${OPEN.toLocaleString('en')} incidents open`, budget: 'p99 <= 250 ms',
    figure: `p50 ${quantile(late, 0.5).toFixed(0)} ms, p99 ${quantile(late, 0.99).toFixed(0)} ms, ${late.length} of ${total} fired`,
  }];
}

async function atOnce(house, policies) {
  const seeding = await opened(house);
  const due = Date.now() + 30_000;
  const ids = await seeding.add(OPEN, policies, () => due, ['sms']);
  await seeding.close();
  await new Promise((resolve) => setTimeout(resolve, Math.max(0, due - Date.now())));
  const latencies = [];
  let errors = 0;
  const kinds = new Set();
  let fired = 0;
  while (fired < OPEN && Date.now() < due + PATIENCE_MS) {
    const slice = await sendWebhooks({ origin: house.hub, account: house.account, perSecond: PER_SECOND.webhooks, seconds: 5, people: PEOPLE });
    latencies.push(...slice.latencies);
    errors += slice.errors;
    for (const kind of slice.kinds) kinds.add(kind);
    [{ n: fired }] = (await house.pool.query('select count(distinct incident_id)::int as n from incident_attempts where incident_id = any($1)', [ids])).rows;
  }
  const [{ last, tries }] = (await house.pool.query('select max(created_at) as last, count(*)::int as tries from incident_attempts where incident_id = any($1)', [ids])).rows;
  const [{ sent }] = (await house.pool.query('select count(dispatched_at)::int as sent from incident_attempts where incident_id = any($1)', [ids])).rows;
  latencies.sort((a, b) => a - b);
  return [
    { what: `${OPEN.toLocaleString('en')} steps due at one moment: all fired after`, figure: `${((last.getTime() - due) / 1_000).toFixed(0)} s, ${fired} fired, ${tries - fired} doubled, ${sent} texts accepted by then` },
    { what: `webhook meanwhile, ${PER_SECOND.webhooks}/s`, figure: `p50 ${quantile(latencies, 0.5).toFixed(1)} ms, p99 ${quantile(latencies, 0.99).toFixed(0)} ms, ${errors} errors ${[...kinds].join(' ')}`.trim() },
  ];
}

/** Incidents that wait for their second step, as rows, and its alarms in the queue, through the hub's own relay: to report ten thousand would take half an hour. */
async function opened(house) {
  const { pool } = house;
  const backend = await openBackend({ databaseUrl: pool.options.connectionString, redisUrl: process.env.REDIS_URL });
  const queue = new Queue('escalation.climb', { connection: backend.connection });
  const relay = new Relay(new ShiftableClock(), { of: () => queue });
  const [{ id: tenantId }] = (await pool.query('select id from tenants where is_default')).rows;
  await pool.query('create table if not exists bench_due (id uuid primary key, wanted_at timestamptz(3) not null)');
  const add = async (count, policies, dueOf, channels = ['voice', 'sms']) => {
    const incidents = Array.from({ length: count }, (_, index) => ({ id: randomUUID(), outbox: randomUUID(), due: new Date(dueOf(index)), policy: policies[index % policies.length] }));
    const columns = [incidents.map(({ id }) => id), incidents.map(({ due }) => due.toISOString()), incidents.map(({ policy }) => policy.id), incidents.map(({ outbox }) => outbox),
      incidents.map(({ policy }) => JSON.stringify([0, 1].map(() => ({ targets: [{ kind: 'staff', staffId: policy.staffId }], channels, waitSeconds: 86_400 }))))];
    await pool.query(`insert into bench_due select * from unnest($1::uuid[], $2::timestamptz[])`, columns.slice(0, 2));
    await pool.query(
      `insert into incidents (id, tenant_id, policy_id, steps, rounds, code, urgency, reports, is_drill, fingerprint, state, epoch, due_at, wake_at, created_at)
       select id, $6, policy, steps, 1, '1234', 5, '[]', false, '', 'waiting', 1, due, due, now() from unnest($1::uuid[], $2::timestamptz[], $3::uuid[], $4::uuid[], $5::jsonb[]) as i(id, due, policy, outbox, steps)`,
      [...columns, tenantId]);
    await pool.query(
      `insert into outbox (id, tenant_id, name, payload, due_at, wake_at, created_at)
       select outbox, $4, 'escalation.climb', jsonb_build_object('incidentId', id, 'epoch', 1), due, due + interval '5 seconds', now() from unnest($1::uuid[], $2::timestamptz[], $3::uuid[]) as i(id, due, outbox)`,
      [columns[0], columns[1], columns[3], tenantId]);
    for (let first = 0; first < count; first += BATCH) {
      await relay.add('escalation.climb', incidents.slice(first, first + BATCH).map(({ id, outbox, due }) => ({ id: outbox, tenantId, name: 'escalation.climb', payload: { incidentId: id, epoch: 1 }, dueAt: due, generation: 0 })));
    }
    return columns[0];
  };
  return { add, close: async () => { await queue.close(); await backend.close(); } };
}

async function until(look) {
  const deadline = Date.now() + PATIENCE_MS;
  while (Date.now() < deadline) {
    const found = await look();
    if (found) return found;
    await new Promise((resolve) => setTimeout(resolve, 500));
  }
  throw new Error('it did not come to an end');
}
