import fs from 'node:fs';
import path from 'node:path';

const BUILT = path.join('libs', 'web', 'dist');

/**
 * The folder of what browsers are given, built or not.
 *
 * @param from any folder of the project: sources and compiled files lie at different depths below its root
 */
export function builtWeb(from: string): string {
  const above = path.dirname(from);
  if (fs.existsSync(path.join(from, 'libs', 'web')) || above === from) return path.join(from, BUILT);
  return builtWeb(above);
}
