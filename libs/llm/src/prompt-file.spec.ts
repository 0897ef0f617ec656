import fs from 'node:fs';
import os from 'node:os';
import path from 'node:path';
import { pathToFileURL } from 'node:url';
import { afterAll, expect, test } from '@jest/globals';
import { promptFile } from './prompt-file.js';

const root = fs.mkdtempSync(path.join(os.tmpdir(), 'prompts-dist-'));
afterAll(() => fs.rmSync(root, { recursive: true }));

const url = (...names: string[]): string => pathToFileURL(path.join(root, ...names)).href;

test('a module finds its prompt beside its source, compiled or not, also below a folder of the same name', () => {
  for (const house of ['house', 'dist/src/house']) {
    fs.mkdirSync(path.join(root, house, 'src/room/prompts'), { recursive: true });
    fs.writeFileSync(path.join(root, house, 'src/room/prompts/rules.md'), `The rules of ${house}.\n`);
    expect(promptFile(url(house, 'src/room/files.ts'), 'rules')).toBe(`The rules of ${house}.`);
    expect(promptFile(url(house, 'dist/src/room/files.js'), 'rules')).toBe(`The rules of ${house}.`);
  }
});

test('one that is not there is named, with where it was looked for', () => {
  expect(() => promptFile(url('house/dist/src/room/files.js'), 'gone')).toThrow(/gone\.md is in none of these places: .*house\/dist\/src\/room\/prompts\/gone\.md, .*house\/src\/room\/prompts\/gone\.md\. Restore/);
});
