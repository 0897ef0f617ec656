import type { World } from '../world.js';

/** Where the bytes of a medium are. Its URL without `.json` is open to anybody who knows it, as at Twilio by default. */
export function mediaAddress(world: World, url: string): string | undefined {
  const match = /^\/2010-04-01\/Accounts\/AC\w{32}\/Messages\/(\w{34})\/Media\/(ME\w{32})$/.exec(url.split('?')[0] ?? '');
  return match ? world.store.messages.get(match[1]!)?.media.find((one) => one.sid === match[2])?.url : undefined;
}
