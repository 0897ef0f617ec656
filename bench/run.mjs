// npm run bench [name …]: figures for the budgets, printed; never a test. Each program runs as a process of its own.
//   BENCH_SECONDS   length of the load phases (60)        REDIS_URL   BullMQ on Redis instead of Postgres
import os from 'node:os';
import { chat } from './chat.mjs';
import { coldStart } from './cold-start.mjs';
import { memory } from './memory.mjs';
import { oncall } from './oncall.mjs';
import { reply } from './reply.mjs';
import { reports } from './reports.mjs';
import { voice } from './voice.mjs';
import { webhook } from './webhook.mjs';

const benches = { webhook, reply, chat, voice, oncall, reports, memory, 'cold-start': coldStart };
const chosen = process.argv.slice(2);
const unknown = chosen.filter((name) => !benches[name]);
if (unknown.length > 0) {
  console.error(`There is no bench "${unknown[0]}". Choose of: ${Object.keys(benches).join(', ')}.`);
  process.exit(2);
}

const seconds = Number(process.env.BENCH_SECONDS ?? 60);
const cpu = os.cpus()[0]?.model.trim();
console.log(`${os.cpus().length} cores (${cpu}), Node ${process.version}, load before: ${os.loadavg()[0].toFixed(2)}, queue on ${process.env.REDIS_URL ? 'Redis' : 'Postgres'}, ${seconds} s a phase\n`);
const rows = [];
for (const name of chosen.length > 0 ? chosen : Object.keys(benches)) {
  console.log(`-- ${name}`);
  const result = await benches[name]({ seconds });
  for (const row of result) console.log(`   ${row.what}: ${row.figure}`);
  rows.push(...result);
}
console.log(`\n| what | budget | measured |\n| --- | --- | --- |`);
for (const row of rows) console.log(`| ${row.what} | ${row.budget ?? ''} | ${row.figure} |`);
process.exit(0);
