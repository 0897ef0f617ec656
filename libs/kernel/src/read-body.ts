import type { IncomingMessage } from 'node:http';

/**
 * The whole body of a request, as text. What is too much is thrown away as it comes: a caller who is cut off while writing
 * never reads the answer.
 *
 * @returns null for one of more than `mostBytes`
 * @throws where the caller hung up in the middle of it
 */
export async function readBody(request: IncomingMessage, mostBytes: number): Promise<string | null> {
  const parts: Buffer[] = [];
  let size = 0;
  for await (const part of request as AsyncIterable<Buffer>) {
    size += part.length;
    if (size <= mostBytes) parts.push(part);
    else parts.length = 0;
  }
  return size > mostBytes ? null : Buffer.concat(parts).toString('utf8');
}
