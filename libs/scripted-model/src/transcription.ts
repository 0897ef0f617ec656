import type { IncomingMessage } from 'node:http';

/** What a request for a transcription is answered with: its text, or what is wrong with it and the parameter that is. */
export type Written = { text: string } | { fault: string; param: string };

/** OpenAI takes no larger file. */
const MOST_BYTES = 25_000_000;
const ID3_HEADER = 10;
/** Of a comment: how it is written, in which language, and the end of its empty title. */
const COMMENT_HEAD = 5;

/**
 * `POST /v1/audio/transcriptions`: a listener that cannot hear. It reads what was said from the comment of an MP3 (ID3 COMM), where the simulated Twilio
 * writes it; other sound has no words.
 */
export async function transcribe(request: IncomingMessage): Promise<Written> {
  const parts: Buffer[] = [];
  let size = 0;
  for await (const part of request as AsyncIterable<Buffer>) {
    size += part.length;
    if (size <= MOST_BYTES) parts.push(part);
  }
  if (size > MOST_BYTES) return { fault: 'Maximum content size limit (26214400) exceeded', param: 'file' };
  const form = await new Response(Buffer.concat(parts), { headers: { 'content-type': request.headers['content-type'] ?? '' } }).formData().catch(() => new FormData());
  const file = form.get('file');
  if (!(file instanceof Blob)) return { fault: 'Missing required parameter: \'file\'.', param: 'file' };
  if (typeof form.get('model') !== 'string') return { fault: 'you must provide a model parameter', param: 'model' };
  return { text: commentOf(Buffer.from(await file.arrayBuffer())) };
}

function commentOf(sound: Buffer): string {
  const at = sound.indexOf('COMM', ID3_HEADER);
  if (sound.subarray(0, 3).toString('latin1') !== 'ID3' || at < 0) return '';
  const size = sound.subarray(at + 4, at + 8).reduce((sum, byte) => sum * 128 + byte, 0);
  return sound.subarray(at + ID3_HEADER + COMMENT_HEAD, at + ID3_HEADER + size).toString('utf8');
}
