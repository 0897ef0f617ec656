import type { ServerResponse } from 'node:http';
import type { World } from '../world.js';

/** Where Twilio keeps files; what is there needs no credentials, only its name. */
const STORE = '/_media/';

/** A medium that was handed over as a `data:` URL is here; of others only the address is known. */
export function answerMedia(world: World, url: string, response: ServerResponse): boolean {
  const path = url.split('?')[0] ?? '';
  // Its URL without `.json` is open to anybody who knows it, as at Twilio by default.
  const match = /^\/2010-04-01\/Accounts\/AC\w{32}\/Messages\/(\w{34})\/Media\/(ME\w{32})$/.exec(path) ?? /^\/_media\/(\w{34})\/(ME\w{32})$/.exec(path);
  const address = match && world.store.messages.get(match[1]!)?.media.find((one) => one.sid === match[2])?.url;
  if (!address) return false;
  if (!address.startsWith('data:')) response.writeHead(307, { Location: address }).end();
  else if (path.startsWith(STORE)) answerInline(address, response);
  // Without an origin, so that it is also found by a caller who came through a proxy.
  else response.writeHead(307, { Location: `${STORE}${match![1]}/${match![2]}` }).end();
  return true;
}

function answerInline(address: string, response: ServerResponse): void {
  const comma = address.indexOf(',');
  const [type = 'application/octet-stream', encoding] = address.slice('data:'.length, comma).split(';');
  const data = address.slice(comma + 1);
  const bytes = encoding === 'base64' ? Buffer.from(data, 'base64') : Buffer.from(decodeURIComponent(data));
  response.writeHead(200, { 'Content-Type': type, 'Content-Length': bytes.length, 'X-Content-Type-Options': 'nosniff' }).end(bytes);
}
