// Web chat: how much memory an idle visitor costs, and how long words take from a page to the hub and back.
import { randomUUID } from 'node:crypto';
import { SignJWT } from 'jose';
import { io } from 'socket.io-client';
import { api, openHouse, quantile } from './house.mjs';

const ORIGIN = 'https://shop.example.com';
const IDLE = Number(process.env.BENCH_SOCKETS ?? 10_000);
/** Visitors who write: 200 messages a second are one in three seconds of each, which no limit minds. */
const WRITERS = 600;

export async function chat({ seconds }) {
  const house = await openHouse();
  try {
    const widget = await api(house.hub, '/widgets', { title: 'Bench', allowedOrigins: [ORIGIN] });
    const tokens = await seedVisitors(house, widget.key, IDLE + WRITERS);
    const before = await restingMb(house);
    const idle = await connectAll(house.hub, tokens.slice(0, IDLE));
    const after = await restingMb(house);
    for (const socket of idle) socket.disconnect();
    const writers = await connectAll(house.hub, tokens.slice(IDLE));
    await setAssistant(house, false);
    await paced(writers, 40, writers.length, (socket) => say(socket));
    const acks = await paced(writers, 200, 200 * Math.min(seconds, 30), (socket) => say(socket));
    await setAssistant(house, true);
    const answered = await connectAll(house.hub, tokens.slice(0, WRITERS));
    await paced(answered, 10, 100, (socket) => sayAndHear(socket));
    const replies = await paced(answered.slice(100), 20, 20 * Math.min(seconds, 20), (socket) => sayAndHear(socket));
    return [
      { what: `${IDLE.toLocaleString('en')} idle chat sockets on one process`, budget: '<= 15 kB each', figure: `${(((after - before) * 1_000) / IDLE).toFixed(1)} kB each (${before.toFixed(0)} -> ${after.toFixed(0)} MB)` },
      { what: 'chat: message sent -> in the record and acknowledged, 200/s', figure: figureOf(acks) },
      { what: 'chat: message sent -> the assistant\'s answer on the page, 20/s', figure: figureOf(replies) },
    ];
  } finally {
    await house.close();
  }
}

const figureOf = ({ times, failed }) => `p50 ${quantile(times, 0.5).toFixed(0)} ms, p99 ${quantile(times, 0.99).toFixed(0)} ms, ${times.length} of ${times.length + failed}`;

/** Straight into the tables, with tokens signed as the hub does: so many sessions from one machine would be refused. */
async function seedVisitors({ hub, pool }, key, count) {
  const session = await fetch(`${hub}/api/chat/sessions`, {
    method: 'POST', headers: { Origin: ORIGIN, 'Content-Type': 'application/json' }, body: JSON.stringify({ widgetKey: key }),
  });
  if (!session.ok) throw new Error(`sessions: ${session.status} ${await session.text()}`);
  const { rows: [{ tenant_id: tenantId, secret }] } = await pool.query('select tenant_id, secret from chat_keys');
  const { rows } = await pool.query(
    `insert into visitors (id, tenant_id, widget_key, origin, refresh_hash, expires_at, created_at)
     select gen_random_uuid(), $1, $2, $3, 'bench-' || n, now() + interval '1 day', now() from generate_series(1, $4::int) n returning id`,
    [tenantId, key, ORIGIN, count],
  );
  return Promise.all(rows.map(({ id }) => new SignJWT({ widget: key, origin: ORIGIN })
    .setProtectedHeader({ alg: 'HS256', kid: tenantId }).setSubject(id).setIssuer('throughline').setAudience('chat').setIssuedAt().setExpirationTime('1h')
    .sign(Buffer.from(secret, 'base64url'))));
}

async function restingMb(house) {
  await new Promise((resolve) => setTimeout(resolve, 5_000));
  return house.web.rss();
}

/** @param tokens one for each; each from an IP address of its own, as the proxy in front would say */
async function connectAll(hub, tokens) {
  const sockets = [];
  for (let first = 0; first < tokens.length; first += 50) {
    sockets.push(...(await Promise.all(tokens.slice(first, first + 50).map((token, index) => connect(hub, token, first + index)))));
  }
  return sockets;
}

function connect(hub, token, index) {
  const socket = io(`${hub}/chat`, {
    transports: ['websocket'], forceNew: true, reconnection: false, auth: { token },
    extraHeaders: { Origin: ORIGIN, 'X-Forwarded-For': `10.${index >> 16}.${(index >> 8) & 255}.${index & 255}` },
  });
  return new Promise((resolve, reject) => {
    socket.once('connect', () => resolve(socket));
    socket.once('connect_error', reject);
  });
}

const say = (socket) => socket.timeout(30_000).emitWithAck('send', { clientId: randomUUID(), body: 'When are you open?' }).then(({ ok }) => ok);

async function sayAndHear(socket) {
  const heard = new Promise((resolve, reject) => {
    const late = setTimeout(() => reject(new Error('no answer')), 60_000);
    socket.on('message', function hear({ direction }) {
      if (direction !== 'outbound') return;
      clearTimeout(late);
      socket.off('message', hear);
      resolve(true);
    });
  });
  return (await Promise.all([say(socket), heard])).every(Boolean);
}

/** So many a second, by one socket after the other. */
async function paced(sockets, perSecond, total, act) {
  const times = [];
  let failed = 0;
  const started = performance.now();
  const under = [];
  for (let index = 0; index < total; index++) {
    const wait = started + (index * 1_000) / perSecond - performance.now();
    if (wait > 1) await new Promise((resolve) => setTimeout(resolve, wait));
    const begun = performance.now();
    under.push(act(sockets[index % sockets.length]).then((ok) => (ok ? times.push(performance.now() - begun) : failed++), () => failed++));
  }
  await Promise.all(under);
  return { times: times.sort((a, b) => a - b), failed };
}

async function setAssistant({ hub }, enabled) {
  const answer = await fetch(`${hub}/api/v1/tenant`, {
    method: 'PATCH', headers: { Authorization: 'Bearer bench-admin-token-0001', 'Content-Type': 'application/json' },
    body: JSON.stringify({ settings: { assistant: { enabled } } }),
  });
  if (!answer.ok) throw new Error(`tenant: ${answer.status}`);
}
