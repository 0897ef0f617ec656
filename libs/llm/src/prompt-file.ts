import fs from 'node:fs';
import { fileURLToPath } from 'node:url';

/**
 * A prompt in the folder `prompts` beside a module: beside its source also where the module is the compiled one, because the
 * compiler copies no Markdown.
 *
 * @param moduleUrl `import.meta.url` of whose prompt it is
 * @throws at boot, naming the file, when it is not there
 */
export function promptFile(moduleUrl: string, name: string): string {
  const files = [moduleUrl, moduleUrl.replace(/\/dist\/src\/(?!.*\/dist\/src\/)/, '/src/')].map((url) => fileURLToPath(new URL(`./prompts/${name}.md`, url)));
  const file = files.find((candidate) => fs.existsSync(candidate));
  if (!file) throw new Error(`The prompt ${name}.md is in none of these places: ${files.join(', ')}. Restore it from the repository.`);
  return fs.readFileSync(file, 'utf8').trim();
}
