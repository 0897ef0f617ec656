import http from 'node:http';
import type { AddressInfo } from 'node:net';
import { afterEach, describe, expect, test } from '@jest/globals';
import { AwsV4Signer } from 'aws4fetch';
import { S3Store } from './s3.store.js';

const EXAMPLE = { accessKeyId: 'AKIAIOSFODNN7EXAMPLE', secretAccessKey: 'wJalrXUtnFEMI/K7MDENG/bPxRfiCYEXAMPLEKEY', region: 'us-east-1', service: 's3', datetime: '20130524T000000Z' };
const NOTHING = 'e3b0c44298fc1c149afbf4c8996fb92427ae41e4649b934ca495991b7852b855';

// https://docs.aws.amazon.com/AmazonS3/latest/API/sig-v4-header-based-auth.html
test.each([
  ['GET', '/test.txt', { Range: 'bytes=0-9', 'x-amz-content-sha256': NOTHING }, 'f0e8bdb87c964420e857bd35b5d6ed310bd44f0170aba48dd91039c6036bdb41'],
  ['PUT', '/test%24file.text', {
    Date: 'Fri, 24 May 2013 00:00:00 GMT', 'x-amz-storage-class': 'REDUCED_REDUNDANCY', 'x-amz-content-sha256': '44ce7dd67c959e0d3524ffac1771dfbba87d2b6b4b4e99e42034a8b803f8b072',
  }, '98ad721746da40c64f1a55b78f14c238d841ea1380cd77a1b5971af0ece108bd'],
  ['GET', '/?lifecycle', { 'x-amz-content-sha256': NOTHING }, 'fea454ca298b7da1c68078a5d1bdbfbbe0d65c699e0f91ac7a200a0136783543'],
  ['GET', '/?max-keys=2&prefix=J', { 'x-amz-content-sha256': NOTHING }, '34b48302e7b5fa45bde8084f4b7868a86f0a534bc59db6670ed5711ef69dc6f7'],
])("%s %s is signed as in Amazon's example", async (method, where, headers, signature) => {
  const signer = new AwsV4Signer({ ...EXAMPLE, method, url: `https://examplebucket.s3.amazonaws.com${where}`, headers: headers as Record<string, string>, allHeaders: true });
  expect(await signer.signature()).toBe(signature);
});

describe('with a store that has a bad day', () => {
  let server: http.Server | undefined;
  afterEach(() => {
    server?.closeAllConnections();
    server?.close();
  });

  /** Answers each request as the next of these says. Null: not at all. */
  async function storeThat(...answers: (Partial<{ status: number; headers: Record<string, string>; body: string }> | null)[]): Promise<{ store: S3Store; asked: string[] }> {
    const asked: string[] = [];
    server = http.createServer((request, response) => {
      asked.push(`${request.method} ${request.url}`);
      const answer = answers.shift();
      if (answer) request.resume().once('end', () => response.writeHead(answer.status ?? 200, answer.headers).end(answer.body));
    });
    await new Promise<void>((resolve) => void server!.listen(0, '127.0.0.1', resolve));
    const endpoint = `http://127.0.0.1:${(server.address() as AddressInfo).port}`;
    return { store: new S3Store({ bucket: 'media', endpoint, region: 'x', accessKeyId: 'a', secretAccessKey: 'b', timeoutMs: 800 }), asked };
  }

  test('what it cannot do now, or does not answer, is asked again', async () => {
    const { store, asked } = await storeThat({ status: 503 }, null, {});
    await store.put('a/b/0', Buffer.from('x'));
    expect(asked).toEqual(Array.from({ length: 3 }, () => 'PUT /media/a/b/0'));
  });

  test.each([['500', { status: 500 }], ['429', { status: 429 }], ['nothing', null]])('%s three times is an error that another try may end', async (_what, answer) => {
    const { store, asked } = await storeThat(answer, answer, answer);
    await expect(store.get('a/b/0')).rejects.toMatchObject({ code: 'media_store_unavailable', retryable: true });
    expect(asked).toHaveLength(3);
  });

  test('bytes that are not those that were put are not handed on', async () => {
    const { store } = await storeThat({ headers: { 'x-amz-meta-sha256': NOTHING }, body: 'x' });
    await expect(store.get('a/b/0')).rejects.toThrow(/not what was put/);
  });

  test('half a file is none', async () => {
    const half = { headers: { 'Content-Length': '10' }, body: 'half' };
    const { store } = await storeThat(half, half, half);
    await expect(store.get('a/b/0')).rejects.toThrow(/no answer/);
  });

  test('it follows nobody to another place', async () => {
    const { store, asked } = await storeThat({ status: 307, headers: { Location: 'http://169.254.169.254/' } });
    await expect(store.put('a/b/0', Buffer.from('x'))).rejects.toThrow(/MEDIA_S3_REGION/);
    expect(asked).toHaveLength(1);
  });
});

test.each([
  ['throughline', undefined, 'https://throughline.s3.eu-north-1.amazonaws.com/a/b/0'], ['through.line', undefined, 'https://s3.eu-north-1.amazonaws.com/through.line/a/b/0'],
  ['throughline', 'http://minio:9000', 'http://minio:9000/throughline/a/b/0'],
])('the bucket %s at %s is found at %s', (bucket, endpoint, url) => {
  const store = new S3Store({ bucket, endpoint, region: 'eu-north-1', accessKeyId: 'a', secretAccessKey: 'b' });
  expect(store.urlOf('a/b/0')).toBe(url);
});
