// A text comes in, the reply is accepted by Twilio: measured on the simulator's own clock, from phone to phone.
import { openHouse, phone, quantile } from './house.mjs';
import { openAtTwilio, seedPeople } from './seed.mjs';

const RATES = [10, 50];

export async function reply({ seconds }) {
  const house = await openHouse();
  try {
    await seedPeople(house.pool, 20_000, 0, await openAtTwilio(house, RATES.reduce((sum, rate) => sum + rate * Math.min(seconds, 30), 0)));
    const rows = [];
    let first = 0;
    for (const perSecond of RATES) {
      const total = perSecond * Math.min(seconds, 30);
      const result = await measure(house, perSecond, first, total);
      first += total;
      rows.push({
        what: `SMS in -> reply accepted, ${perSecond}/s`, ...(perSecond === 50 ? { budget: 'p50 <= 60 ms, p99 <= 250 ms' } : {}),
        figure: `p50 ${result.p50.toFixed(0)} ms, p99 ${result.p99.toFixed(0)} ms, ${result.answered}/${total} answered, ${result.doubled} doubled`,
      });
    }
    return rows;
  } finally {
    await house.close();
  }
}

async function measure(house, perSecond, first, total) {
  const started = performance.now();
  for (let index = 0; index < total; index++) {
    const wait = started + (index * 1_000) / perSecond - performance.now();
    if (wait > 1) await new Promise((resolve) => setTimeout(resolve, wait));
    void control(house, 'POST', '/messages', { from: phone(first + index), to: '+15550100001', body: 'When are you open?' });
  }
  const mine = new Set(Array.from({ length: total }, (_, index) => phone(first + index)));
  const deadline = performance.now() + 60_000;
  let phones = [];
  while (performance.now() < deadline) {
    await new Promise((resolve) => setTimeout(resolve, 1_000));
    phones = (await control(house, 'GET', '/phones')).filter((one) => mine.has(one.address));
    if (phones.length === total && phones.every((one) => one.messages.some((message) => message.direction === 'received'))) break;
  }
  const times = phones.flatMap((one) => {
    const sent = one.messages.find((message) => message.direction === 'sent');
    const received = one.messages.filter((message) => message.direction === 'received');
    return sent && received[0] ? [new Date(received[0].at) - new Date(sent.at)] : [];
  }).sort((a, b) => a - b);
  const doubled = phones.filter((one) => one.messages.filter((message) => message.direction === 'received').length > 1).length;
  return { p50: quantile(times, 0.5), p99: quantile(times, 0.99), answered: times.length, doubled };
}

async function control(house, method, route, body) {
  const answer = await fetch(`${house.twilioOrigin}/_control${route}`, {
    method, ...(body ? { headers: { 'Content-Type': 'application/json' }, body: JSON.stringify(body) } : {}),
  });
  return answer.json();
}
