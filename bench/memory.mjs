// State is in rows: the process must not grow with the number of conversations it has served.
import { openHouse } from './house.mjs';
import { sendWebhooks } from './load.mjs';
import { seedPeople } from './seed.mjs';

const CONVERSATIONS = 100_000;
const PER_SECOND = 100;

export async function memory({ seconds }) {
  const house = await openHouse();
  try {
    await seedPeople(house.pool, CONVERSATIONS, 4);
    house.worker.kill();
    const load = { origin: house.hub, account: house.account, perSecond: PER_SECOND };
    await sendWebhooks({ ...load, people: 100, seconds: 5 });
    const few = house.web.rss();
    await sendWebhooks({ ...load, people: CONVERSATIONS, seconds: Math.max(10, seconds / 2) });
    const middle = house.web.rss();
    const again = await sendWebhooks({ ...load, people: CONVERSATIONS, seconds: Math.max(10, seconds / 2) });
    const many = house.web.rss();
    return [
      {
        what: `memory over ${CONVERSATIONS.toLocaleString('en')} conversations (web process)`, budget: 'flat',
        figure: `${few.toFixed(0)} MB after 100, ${middle.toFixed(0)} MB half-way, ${many.toFixed(0)} MB at the end`,
      },
      { what: `webhook with ${CONVERSATIONS.toLocaleString('en')} conversations in the tables, ${PER_SECOND}/s`, figure: `p50 ${again.p50.toFixed(1)} ms, p99 ${again.p99.toFixed(1)} ms` },
    ];
  } finally {
    await house.close();
  }
}
