import { startScriptedModel } from './server.js';

/** `node dist/main.js --port 4010` or SCRIPTED_MODEL_PORT; prints the base URL, one line, when it is ready. */
const DEFAULT_PORT = 4_010;

const flag = process.argv.indexOf('--port');
const given = flag > 0 ? process.argv[flag + 1] : process.env['SCRIPTED_MODEL_PORT'];
const port = Number(given ?? DEFAULT_PORT);
if (!Number.isInteger(port) || port < 0 || port > 65_535) {
  console.error(`"${given}" is not a port: write --port 4010, or 0 for any free one.`);
  process.exit(2);
}

const model = await startScriptedModel({ port });
console.log(model.baseUrl);

for (const signal of ['SIGINT', 'SIGTERM'] as const) {
  process.once(signal, () => void model.close().then(() => process.exit(0)));
}
