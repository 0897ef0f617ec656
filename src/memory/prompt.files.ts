import fs from 'node:fs';
import { fileURLToPath } from 'node:url';

/** Beside the source; and, because the compiler copies no Markdown, in the source folder as seen from `dist/src/memory`. */
const FOLDERS = ['./prompts/', '../../../src/memory/prompts/'];

/** @throws at boot, naming the file, when it is not there */
function read(name: string): string {
  const files = FOLDERS.map((folder) => fileURLToPath(new URL(`${folder}${name}.md`, import.meta.url)));
  const file = files.find((candidate) => fs.existsSync(candidate));
  if (!file) throw new Error(`The prompt ${name}.md is in none of these places: ${files.join(', ')}. Restore it from the repository.`);
  return fs.readFileSync(file, 'utf8').trim();
}

export const SUMMARISE_PROMPT = read('summarise');
