import { WebSocket } from 'ws';
import { signForm, withoutFragment } from '../signature.js';
import type { Run } from './run.js';
import { pause } from './waiting.js';

const HANDSHAKE_MS = 10_000;
const LARGEST_FRAME = 1_000_000;

/** How long the app may take to say goodbye. */
const GOODBYE_MS = 1_000;

/** Closes a socket, and cuts it where the app does not answer. */
export function closeSocket(socket: WebSocket | undefined, code: number, reason: string): void {
  socket?.close(code, reason);
  setTimeout(() => socket?.terminate(), GOODBYE_MS).unref();
}

/**
 * Opens a socket to the app, signed over its exact address.
 * @param event by which faults are matched
 * @returns undefined where it does not come about, or the call is over before it has
 */
export async function openSocket({ world, leg, signal }: Run, address: string, event: 'relay' | 'stream'): Promise<WebSocket | undefined> {
  const url = withoutFragment(address);
  const fault = world.faults.forHook({ event, url });
  if (fault) world.feed.emit('fault', fault);
  if (fault?.kind === 'webhook-lost') return undefined;
  if (fault?.kind === 'webhook-late') await pause(world, signal, fault.delayMs ?? 1_000, 'later').catch(() => undefined);
  if (signal.aborted) return undefined;
  const token = world.accounts.get(leg.call.accountSid)?.authToken ?? '';
  const signature = signForm(fault?.kind === 'webhook-wrong-signature' ? `not ${token}` : token, url, {});
  const headers = { 'User-Agent': 'TwilioProxy/1.1', ...(fault?.kind === 'webhook-unsigned' ? {} : { 'X-Twilio-Signature': signature }) };
  const socket = new WebSocket(url, { headers, handshakeTimeout: HANDSHAKE_MS, maxPayload: LARGEST_FRAME, perMessageDeflate: false });
  const opened = new Promise<WebSocket | undefined>((resolve) => {
    socket.once('open', () => resolve(signal.aborted ? undefined : socket));
    // What goes wrong later is told by `close`.
    socket.on('error', () => resolve(undefined));
    signal.addEventListener('abort', () => resolve(undefined), { once: true });
  });
  world.webhooks.track(opened);
  const open = await opened;
  if (!open) socket.terminate();
  return open;
}
