import type { IncomingMessage } from 'node:http';
import { PassThrough } from 'node:stream';
import { expect, jest, test } from '@jest/globals';
import type { ChatSession } from '../visitors/visitors.types.js';
import { AttachmentsService } from './attachments.service.js';

/** What was counted of each file, in bytes. */
const counted: number[] = [];
const limits = {
  ipOf: () => '198.51.100.1',
  upload: (_session: ChatSession, _ip: string, bytes: number, work: () => Promise<unknown>) => {
    counted.push(bytes);
    return work();
  },
};
const visitors = { visitor: async () => undefined, takesAttachments: async () => undefined };
const incoming = { keep: async (_tenant: string, _visitor: string, { bytes }: { bytes: Buffer }) => ({ id: 'file', contentType: 'image/png', size: bytes.length }) };
const service = new AttachmentsService(visitors as never, { incoming } as never, undefined as never, limits as never);

const body = (length?: number): IncomingMessage & PassThrough =>
  Object.assign(new PassThrough(), { headers: length === undefined ? {} : { 'content-length': String(length) } }) as unknown as IncomingMessage & PassThrough;
const bring = (request: IncomingMessage): Promise<unknown> => service.bring({} as ChatSession, request, null);

test('a file is counted by what it says of its size, one that says nothing as the largest, one that is too large not at all', async () => {
  for (const request of [body(3), body()]) {
    request.end('abc');
    expect(await bring(request)).toMatchObject({ size: 3 });
  }
  await expect(bring(body(16_000_001))).rejects.toMatchObject({ kind: 'too_large' });
  expect(counted).toEqual([3, 16_000_000]);
});

test('one that comes drop by drop is waited for until its time is over, and then its connection is ended', async () => {
  jest.useFakeTimers();
  const request = body(1_000_000);
  const outcome = bring(request).catch((error: unknown) => error);
  request.write('a');
  await jest.advanceTimersByTimeAsync(29_000);
  expect(request.destroyed).toBe(false);
  await jest.advanceTimersByTimeAsync(2_000);
  expect(request.destroyed).toBe(true);
  jest.useRealTimers();
  expect(await outcome).toMatchObject({ kind: 'invalid' });
});
