import type { IncomingMessage, ServerResponse } from 'node:http';
import { TwilioError } from '../twilio-error.js';
import type { World } from '../world.js';
import type { Recording } from './rows.js';

const PATH = /^\/2010-04-01\/Accounts\/(AC\w{32})\/Recordings\/(RE\w{32})(?:\.(wav|mp3))?$/;

/** Of a long recording only the beginning sounds. */
const LONGEST_S = 60;

/** A recording's sound; its address without an ending is that of the WAV file. Whoever asks has to be of the account. */
export function answerSound(world: World, request: IncomingMessage, response: ServerResponse): boolean {
  const match = PATH.exec((request.url ?? '').split('?')[0] ?? '');
  if (!match || request.method !== 'GET') return false;
  try {
    const account = world.accounts.authenticate(request.headers.authorization);
    const row = world.store.recordings.get(match[2]!);
    if (account.sid !== match[1] || row?.accountSid !== account.sid || !isReady(world, row)) throw new TwilioError(404, 20404, 'The requested resource was not found');
    const isMp3 = match[3] === 'mp3';
    const bytes = isMp3 ? mp3(row) : wav(row);
    response.writeHead(200, { 'Content-Type': isMp3 ? 'audio/mpeg' : 'audio/x-wav', 'Content-Length': bytes.length }).end(bytes);
  } catch (error) {
    const { status } = error instanceof TwilioError ? error : { status: 500 };
    response.writeHead(status, { 'Content-Type': 'text/plain', ...(status === 401 ? { 'WWW-Authenticate': 'Basic realm="Twilio API"' } : {}) }).end();
  }
  return true;
}

const isReady = (world: World, row: Recording): boolean =>
  row.status === 'completed' && row.updatedAt + world.switches.values.recordingDelayMs <= world.clock.ms();

const RATE = 8_000;

/** Silence of its length, 16 bit at 8 kHz; what was said is in its comment (LIST INFO ICMT), for a listener that cannot hear. */
export function wav(row: Pick<Recording, 'seconds' | 'words'>): Buffer {
  const sound = Buffer.alloc(Math.min(row.seconds, LONGEST_S) * RATE * 2);
  const format = Buffer.alloc(16);
  [[1, 0], [1, 2], [16, 14], [2, 12]].forEach(([value, at]) => format.writeUInt16LE(value!, at));
  format.writeUInt32LE(RATE, 4);
  format.writeUInt32LE(RATE * 2, 8);
  const chunks = Buffer.concat([
    Buffer.from('WAVE'), chunk('fmt ', format),
    chunk('LIST', Buffer.concat([Buffer.from('INFO'), chunk('ICMT', Buffer.from(`${row.words}\0`))])), chunk('data', sound),
  ]);
  return chunk('RIFF', chunks);
}

function chunk(name: string, content: Buffer): Buffer {
  const head = Buffer.alloc(8);
  head.write(name);
  head.writeUInt32LE(content.length, 4);
  return Buffer.concat([head, content, Buffer.alloc(content.length % 2)]);
}

/** An ID3 comment with what was said, then frames of silence: MPEG 2.5 layer III, 8 kbit/s, 8 kHz, one channel. */
export function mp3(row: Pick<Recording, 'seconds' | 'words'>): Buffer {
  const text = Buffer.concat([Buffer.from([3]), Buffer.from('eng'), Buffer.from([0]), Buffer.from(row.words)]);
  const frame = Buffer.concat([Buffer.from('COMM'), synchsafe(text.length), Buffer.alloc(2), text]);
  const tag = Buffer.concat([Buffer.from('ID3'), Buffer.from([4, 0, 0]), synchsafe(frame.length), frame]);
  // 576 samples and 72 bytes a frame.
  const silence = Buffer.alloc(72);
  silence.set([0xff, 0xe3, 0x18, 0xc4]);
  const frames = Math.ceil((Math.min(row.seconds, LONGEST_S) * RATE) / 576);
  return Buffer.concat([tag, ...Array.from({ length: frames }, () => silence)]);
}

const synchsafe = (size: number): Buffer => Buffer.from([21, 14, 7, 0].map((bits) => (size >> bits) & 0x7f));
