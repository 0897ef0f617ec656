import type { RawData, WebSocket } from 'ws';
import { newSid } from '../sids.js';
import { isoMillis } from '../wire.js';
import { methodOf, resolve, tell } from './fetching.js';
import type { Ear, Spoken } from './leg.js';
import { Playout } from './playout.js';
import { isSocketAddress } from './relay-settings.js';
import type { Run } from './run.js';
import { closeSocket, openSocket } from './socket.js';
import type { Verb } from '../twiml.js';
import { until } from './waiting.js';
import { FRAME_BYTES, silence, soundOf } from './words-in-sound.js';

const FRAME_MS = 20;

/** Silence behind what somebody says, so that a detector of pauses has one to find: 600 ms. */
const PAUSE_FRAMES = 30;

type Fields = Record<string, unknown>;

/**
 * `<Connect><Stream>`: sound goes both ways until the app closes the socket or the call is over; then the next verb follows.
 * What somebody says is sent as sound that a program can read; between that nothing is sent, where Twilio sends silence.
 */
export async function stream(run: Run, noun: Verb): Promise<undefined> {
  const { url = '' } = noun.attributes;
  if (!isSocketAddress(url)) return void run.leg.note(31922, `Stream scheme is not wss: ${url}`);
  if (url.includes('?')) return void run.leg.note(31923, 'Stream URL has a query string');
  await new MediaStream(run, noun).runs(url);
}

class MediaStream implements Ear {
  readonly name = 'stream';
  private readonly sid = newSid('MZ');
  private readonly playout: Playout;
  private socket: WebSocket | undefined;
  private sequence = 0;
  private chunk = 0;
  /** Until when what was said is being sent, in milliseconds of the clock and as the stream counts them. */
  private busyUntil = 0;
  private sentMs = 0;

  constructor(private readonly run: Run, private readonly noun: Verb) {
    this.playout = new Playout(run.world, run.leg, (name) => this.send({ event: 'mark', mark: { name } }));
  }

  async runs(url: string): Promise<void> {
    const { leg, signal } = this.run;
    this.socket = await openSocket(this.run, url, 'stream');
    if (signal.aborted) this.socket?.terminate();
    signal.throwIfAborted();
    if (!this.socket) {
      leg.note(31920, 'Stream WebSocket handshake error');
      return this.report('stream-error', 'Unable to connect');
    }
    this.report('stream-started');
    await until<void>(signal, (done) => {
      this.socket?.on('message', (data) => this.takeIn(data));
      this.socket?.on('close', () => done());
      this.starts();
      const deaf = leg.listen(this);
      return () => {
        deaf();
        this.send({ event: 'stop', stop: { accountSid: leg.call.accountSid, callSid: leg.sid } });
        closeSocket(this.socket, 1000, 'Stream stopped');
        this.socket = undefined;
        this.playout.clear();
        this.report('stream-stopped');
      };
    });
  }

  speech({ text }: Spoken): boolean {
    const sound = Buffer.concat([soundOf(text), silence(PAUSE_FRAMES)]);
    const { clock, scheduler, switches } = this.run.world;
    const pace = switches.values.speechMsPerChar;
    let due = Math.max(this.busyUntil, clock.ms());
    for (let at = 0; at < sound.length; at += FRAME_BYTES) {
      const payload = sound.subarray(at, at + FRAME_BYTES).toString('base64');
      if (pace === 0) this.media(payload);
      else scheduler.at((due += pace), 'walk', () => this.media(payload));
    }
    this.busyUntil = due;
    return true;
  }

  digit(digit: string): boolean {
    this.send({ event: 'dtmf', dtmf: { track: 'inbound_track', digit } });
    return true;
  }

  private starts(): void {
    const { leg } = this.run;
    this.raw({ event: 'connected', protocol: 'Call', version: '1.0.0' });
    const customParameters = Object.fromEntries(
      this.noun.children.filter(({ name }) => name === 'Parameter').map(({ attributes }) => [attributes.name ?? '', attributes.value ?? '']),
    );
    this.send({
      event: 'start',
      start: {
        accountSid: leg.call.accountSid, streamSid: this.sid, callSid: leg.sid, tracks: ['inbound'],
        mediaFormat: { encoding: 'audio/x-mulaw', sampleRate: 8_000, channels: 1 }, customParameters,
      },
    });
  }

  private media(payload: string): void {
    this.sentMs += FRAME_MS;
    this.send({ event: 'media', media: { track: 'inbound', chunk: String((this.chunk += 1)), timestamp: String(this.sentMs), payload } });
  }

  private takeIn(data: RawData): void {
    const fields = parsed(String(data));
    const { leg } = this.run;
    if (!fields) return leg.note(31950, 'Stream message is malformed');
    const mark = (fields.mark as Fields | undefined)?.name;
    const payload = (fields.media as Fields | undefined)?.payload;
    if (fields.streamSid !== this.sid) leg.note(31951, 'Stream message is invalid: streamSid');
    else if (fields.event === 'media' && typeof payload === 'string') this.playout.add({ sound: Buffer.from(payload, 'base64') });
    else if (fields.event === 'mark' && typeof mark === 'string') this.playout.add({ mark });
    else if (fields.event === 'clear') this.playout.clear();
    else leg.note(31951, `Stream message is invalid: ${String(fields.event)}`);
  }

  private send(frame: Fields): void {
    this.raw({ ...frame, sequenceNumber: String((this.sequence += 1)), streamSid: this.sid });
  }

  private raw(frame: Fields): void {
    if (this.socket?.readyState === this.socket?.OPEN) this.socket?.send(JSON.stringify(frame));
  }

  private report(event: 'stream-started' | 'stream-stopped' | 'stream-error', error?: string): void {
    const { statusCallback, name } = this.noun.attributes;
    if (!statusCallback) return;
    const { world, leg, base } = this.run;
    const params = {
      StreamSid: this.sid, StreamEvent: event, Timestamp: isoMillis(world.clock.ms()),
      ...(name ? { StreamName: name } : {}), ...(error === undefined ? {} : { StreamError: error }),
    };
    tell(world, leg, 'stream', { url: resolve(base, statusCallback), method: methodOf(this.noun, 'statusCallbackMethod'), params });
  }
}

function parsed(text: string): Fields | undefined {
  try {
    const value: unknown = JSON.parse(text);
    return typeof value === 'object' && value !== null ? (value as Fields) : undefined;
  } catch {
    return undefined;
  }
}
