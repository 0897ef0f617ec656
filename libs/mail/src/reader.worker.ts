import { parentPort } from 'node:worker_threads';
import { plainMail } from './parse.js';

// Beside the hub, and ended by it (`reader.ts`) when a mail holds it up.
const hub = parentPort!;

hub.on('message', (raw: Uint8Array) => {
  void plainMail(Buffer.from(raw.buffer, raw.byteOffset, raw.byteLength)).catch(() => null).then((mail) => hub.postMessage(mail));
});
hub.postMessage('ready');
