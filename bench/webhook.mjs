// The messaging webhook under 200 signed texts a second from people we know, beside the tutorial's server which stores nothing.
import { freePort } from '../test/harness/ports.mjs';
import { openHouse, reachable, start } from './house.mjs';
import { sendWebhooks } from './load.mjs';
import { seedPeople } from './seed.mjs';

const PER_SECOND = 200;
const PEOPLE = 5_000;

export async function webhook({ seconds }) {
  const house = await openHouse();
  try {
    await seedPeople(house.pool, PEOPLE);
    // The web process alone: the worker's share of the two cores is the subject of the reply bench.
    house.worker.kill();
    const load = { account: house.account, perSecond: PER_SECOND, people: PEOPLE };
    await sendWebhooks({ ...load, origin: house.hub, seconds: 3 });
    const [before] = (await house.pool.query('select count(*)::int as n from messages')).rows;
    const hub = await sendWebhooks({ ...load, origin: house.hub, seconds });
    const [after] = (await house.pool.query('select count(*)::int as n from messages')).rows;
    const plain = await plainExpress(house.account, { ...load, seconds: Math.min(seconds, 20) });
    const figure = (run) => `p50 ${run.p50.toFixed(1)} ms, p99 ${run.p99.toFixed(1)} ms, ${run.errors} errors`;
    return [
      { what: `webhook, ${PER_SECOND}/s for ${seconds} s`, budget: 'p50 <= 8 ms, p99 <= 50 ms, 0 errors, 0 lost', figure: `${figure(hub)}, ${hub.total - (after.n - before.n)} lost` },
      { what: 'the same on plain Express, nothing stored', figure: figure(plain) },
      { what: 'price of durability (p50 ratio)', figure: `${(hub.p50 / plain.p50).toFixed(1)} x` },
      { what: 'memory of the web process after it', figure: `${house.web.rss().toFixed(0)} MB` },
    ];
  } finally {
    await house.close();
  }
}

async function plainExpress(account, load) {
  const port = await freePort();
  const origin = `http://127.0.0.1:${port}`;
  const server = start('plain express', 'bench/plain-express.mjs', { BENCH_PORT: port, BENCH_TOKEN: account.authToken });
  await reachable(`${origin}/readyz`);
  await sendWebhooks({ ...load, origin, seconds: 3 });
  const result = await sendWebhooks({ ...load, origin });
  server.kill();
  return result;
}
