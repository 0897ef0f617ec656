import { once } from 'node:events';
import http from 'node:http';
import type { AddressInfo } from 'node:net';

/** As a TwiML bin in Twilio's console does: it needs nobody of ours to be there. @param verbs what is in its response */
export async function openBin(verbs: string): Promise<{ url: string; close: () => Promise<void> }> {
  const server = http.createServer((_request, response) => response.setHeader('Content-Type', 'text/xml').end(`<Response>${verbs}</Response>`)).listen(0, '127.0.0.1');
  await once(server, 'listening');
  return { url: `http://127.0.0.1:${(server.address() as AddressInfo).port}/`, close: () => new Promise((resolve) => void server.close(() => resolve())) };
}
