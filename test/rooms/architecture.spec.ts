import { execFileSync } from 'node:child_process';
import fs from 'node:fs';
import { createRequire } from 'node:module';
import path from 'node:path';
import { expect, test } from '@jest/globals';
import { unsoundness } from '@throughline/kernel/machine.js';
import { jobNames } from '@throughline/queues/job-catalog.js';
import { callMachine } from '../../src/calls/call.machine.js';
import { ownershipMachine } from '../../src/conversations/ownership.machine.js';
import { deliveryMachine } from '../../src/delivery/delivery.machine.js';
import { outboundMachine } from '../../src/outbound/outbound.machine.js';
import { erasureMachine } from '../../src/privacy/erasure.machine.js';

const ROOT = path.resolve(import.meta.dirname, '../..');
const { rooms, libs } = createRequire(import.meta.url)('../../.dependency-cruiser.cjs') as {
  rooms: Record<string, { rank: string; may: string[] }>;
  libs: Record<string, string[]>;
};

const folders = (parent: string): string[] =>
  fs.readdirSync(path.join(ROOT, parent), { withFileTypes: true }).filter((entry) => entry.isDirectory()).map((entry) => entry.name);

const files = (folder: string): string[] =>
  fs.readdirSync(path.join(ROOT, folder), { recursive: true, withFileTypes: true })
    .filter((entry) => entry.isFile() && entry.name.endsWith('.ts'))
    .map((entry) => path.join(entry.parentPath, entry.name));

test('the table of rooms is the list of folders', () => {
  expect(folders('src').filter((folder) => folder !== 'migrations').sort()).toEqual(Object.keys(rooms).sort());
  expect(folders('libs').sort()).toEqual(Object.keys(libs).sort());
});

test('imports point towards the record', () => {
  const rank: Record<string, number> = { record: 0, work: 1, door: 2 };
  for (const [room, { rank: own, may }] of Object.entries(rooms)) {
    for (const other of may) expect([room, other, rank[rooms[other]!.rank]! <= rank[own]!]).toEqual([room, other, true]);
  }
});

test('docs/map.md is what the table says', () => {
  expect(() => execFileSync(process.execPath, ['scripts/map.mjs', '--check'], { cwd: ROOT, stdio: 'pipe' })).not.toThrow();
});

test('a room has a front door that says what it owns, who wakes it, whom it wakes and what it may import', () => {
  for (const room of Object.keys(rooms)) {
    const text = fs.readFileSync(path.join(ROOT, `src/${room}/${room}.module.ts`), 'utf8');
    for (const line of ['// owns:', '// woken by:', '// wakes:', '// may import:']) expect([room, text.includes(line)]).toEqual([room, true]);
  }
});

test('every job of the catalogue has exactly one processor', () => {
  const processors = Object.keys(rooms).flatMap((room) => files(`src/${room}`)).map((file) => fs.readFileSync(file, 'utf8'))
    .flatMap((text) => Array.from(text.matchAll(/@Processor\('([^']+)'/g), (match) => match[1]!));
  expect(processors.sort()).toEqual([...jobNames].sort());
});

test('no room tells the time by itself or reads the environment', () => {
  for (const file of [...files('src')].filter((name) => !name.endsWith('.spec.ts'))) {
    const text = fs.readFileSync(file, 'utf8');
    expect([path.relative(ROOT, file), /Date\.now\(\)|new Date\(\)/.test(text)]).toEqual([path.relative(ROOT, file), false]);
    if (!file.endsWith('src/main.ts')) expect([path.relative(ROOT, file), /process\.env/.test(text)]).toEqual([path.relative(ROOT, file), false]);
  }
});

test('a room of more than twenty source files is two rooms', () => {
  for (const room of Object.keys(rooms)) {
    const sources = files(`src/${room}`).filter((file) => !file.endsWith('.spec.ts'));
    expect([room, sources.length <= 20]).toEqual([room, true]);
  }
});

test.each([ownershipMachine, deliveryMachine, erasureMachine, callMachine, outboundMachine].map((machine) => [machine.name, machine] as const))('the %s machine is sound', (_, machine) => {
  expect(unsoundness(machine as Parameters<typeof unsoundness>[0])).toEqual([]);
});
