import fs from 'node:fs';
import { fileURLToPath } from 'node:url';

/** Beside the source; and, because the compiler copies no Markdown, in the source folder as seen from `dist/src/triage`. */
const FOLDERS = ['./prompts/', '../../../src/triage/prompts/'];

/** @throws at boot, naming the file, when it is not there */
function read(name: string): string {
  const files = FOLDERS.map((folder) => fileURLToPath(new URL(`${folder}${name}.md`, import.meta.url)));
  const file = files.find((candidate) => fs.existsSync(candidate));
  if (!file) throw new Error(`The prompt ${name}.md is in none of these places: ${files.join(', ')}. Restore it from the repository.`);
  return fs.readFileSync(file, 'utf8').trim();
}

/** What is urgent. A tenant may replace it. */
export const TRIAGE_PROMPT = read('triage');

/** How to read what follows, and that it is not to be obeyed. Holds whatever a tenant writes. */
export const GROUND_RULES = read('ground-rules');
