// A quarter of a year of incidents with 100,000 attempts: the figures, and all of the log.
import { api, openHouse, quantile } from './house.mjs';

const ATTEMPTS = 100_000;
const DAYS = 90;
const REPEATS = 5;

export async function reports() {
  const house = await openHouse();
  try {
    await seed(house);
    const range = `from=${new Date(Date.now() - DAYS * 86_400_000).toISOString()}&until=${new Date().toISOString()}`;
    const rows = [];
    for (const [what, path, lines] of [
      ['the report', `/reports/on-call?${range}`, 1], ['the log as CSV, each attempt with its changes', `/incident-attempts.csv?${range}`, ATTEMPTS + 2],
      ['the incidents as CSV', `/incidents.csv?${range}`, ATTEMPTS / 4 + 2], ['a page of 200 attempts as JSON', `/incident-attempts?${range}&limit=200`, 1],
    ]) {
      const before = house.web.cpu();
      const times = [];
      for (let round = 0; round < REPEATS; round++) times.push(await timed(`${house.hub}/api/v1${path}`, lines));
      times.sort((a, b) => a - b);
      rows.push({ what: `${DAYS} days, ${ATTEMPTS.toLocaleString('en')} attempts: ${what}`, budget: 'p50 <= 2 s', figure: `p50 ${quantile(times, 0.5).toFixed(0)} ms, longest ${times.at(-1).toFixed(0)} ms; processor time of the hub ${((house.web.cpu() - before) / REPEATS).toFixed(0)} ms` });
    }
    return [...rows, { what: 'memory of the web process after it', figure: `${house.web.rss().toFixed(0)} MB` }];
  } finally {
    await house.close();
  }
}

/** @returns milliseconds until the last byte. @throws when it is not all there */
async function timed(url, lines) {
  const started = performance.now();
  const answer = await fetch(url, { headers: { Authorization: 'Bearer bench-admin-token-0001' } });
  const body = await answer.text();
  if (!answer.ok || body.split('\r\n').length !== lines) throw new Error(`${url}: ${answer.status}, ${body.split('\r\n').length} lines`);
  return performance.now() - started;
}

/** Four attempts of each incident, on two schedules and twenty people, each attempt with three changes of its state. */
async function seed({ hub, pool }) {
  const { id: staffId } = await api(hub, '/staff', { name: 'Ada', contactMethods: [] });
  const { id: policyId } = await api(hub, '/policies', { name: 'Nights', steps: [{ targets: [{ kind: 'staff', staffId }] }] });
  const [{ id: tenantId }] = (await pool.query('select id from tenants where is_default')).rows;
  await pool.query(`create temp table staff as select gen_random_uuid() as id, n from generate_series(0, 19) n`);
  await pool.query(`insert into staff_members (id, tenant_id, name, time_zone, do_not_disturb, fingerprint, version, created_at, changed_at)
    select id, $1, 'Person ' || n, 'Europe/Berlin', '[]', '', 1, now(), now() from staff`, [tenantId]);
  await pool.query(`create temp table opened as select gen_random_uuid() as id, n, now() - ($1::int * interval '1 day') * (1 - n / ($2::int * 1.0)) + interval '1 minute' as at
    from generate_series(0, $2::int - 1) n`, [DAYS, ATTEMPTS / 4]);
  await pool.query(`insert into incidents (id, tenant_id, policy_id, steps, rounds, code, urgency, reports, is_drill, fingerprint, state, epoch, due_at, wake_at, sla_seconds, acknowledged_by, acknowledged_via, acknowledged_at,
      acknowledged_staff_id, ended_at, created_at)
    select o.id, $1, $2, '[]', 1, '1234', 5, '[]', n % 10 = 0, '', case when n % 20 = 0 then 'exhausted' else 'acknowledged' end, 1, at, at, 300, case when n % 20 > 0 then 'Ada' end, case when n % 20 > 0 then 'key' end,
      case when n % 20 > 0 then at + (n % 600) * interval '1 second' end, case when n % 20 > 0 then (select id from staff where staff.n = o.n % 20) end, at + (n % 600) * interval '1 second', at from opened o`, [tenantId, policyId]);
  await pool.query(`create temp table schedule_ids as select gen_random_uuid() as id, n from generate_series(0, 1) n`);
  await pool.query(`insert into incident_schedules (tenant_id, incident_id, schedule_id, asked_at) select $1, o.id, s.id, o.at + s.n * interval '2 minutes' from opened o, schedule_ids s`, [tenantId]);
  await pool.query(`create temp table tried as select gen_random_uuid() as id, o.id as incident_id, o.n, k, o.at + (k / 2) * interval '2 minutes' as at from opened o, generate_series(0, 3) k`);
  await pool.query(`insert into incident_attempts (id, tenant_id, incident_id, key, says, round, step, schedule_ids, staff_id, name, channel, address, state, press_key, provider_sid, created_at, dispatched_at, changed_at, changes)
    select t.id, $1, incident_id, k::text, 'alert', 0, k / 2, array[s.id], f.id, 'Person ' || f.n, case when k % 2 = 0 then 'voice' else 'sms' end, '+15551230000', case when k % 2 = 0 then 'no_answer' else 'delivered' end,
      '4', (case when k % 2 = 0 then 'CA' else 'SM' end) || md5(t.id::text), at, at + (t.n % 900) * interval '1 millisecond', at + interval '40 seconds',
      (select jsonb_agg(jsonb_build_object('from', 'pending', 'to', 'ringing', 'at', '2026-01-05T09:00:00.000Z', 'cause', 'Person, voice: the phone was picked up')) from generate_series(1, 3))
    from tried t join schedule_ids s on s.n = k / 2 join staff f on f.n = (t.n + k / 2) % 20`, [tenantId]);
  await pool.query('vacuum analyze');
}
