import { expect, test } from '@jest/globals';
import { mediaBucketOf, readEnvironment } from './app.config.js';

const KEY = { MEDIA_S3_ACCESS_KEY_ID: 'id', MEDIA_S3_SECRET_ACCESS_KEY: 'secret' };

test.each([
  ['nothing is said', {}, undefined],
  ['only a region is named', { MEDIA_S3_REGION: 'eu-central-1' }, undefined],
  ["it is one of Amazon's", { MEDIA_S3_BUCKET: 'files', ...KEY }, { bucket: 'files', endpoint: undefined, region: 'us-east-1', accessKeyId: 'id', secretAccessKey: 'secret' }],
  ['it is elsewhere', { MEDIA_S3_BUCKET: 'files', MEDIA_S3_ENDPOINT: 'http://minio:9000', ...KEY }, { bucket: 'files', endpoint: 'http://minio:9000', region: 'us-east-1', accessKeyId: 'id', secretAccessKey: 'secret' }],
])('the bucket of attachments, when %s', (_when, source, bucket) => {
  expect(mediaBucketOf(readEnvironment(source))).toEqual(bucket);
});

test.each([
  [{ MEDIA_S3_BUCKET: 'files' }, /MEDIA_S3_ACCESS_KEY_ID and MEDIA_S3_SECRET_ACCESS_KEY must be set/],
  [KEY, /^For attachments in a bucket MEDIA_S3_BUCKET must be set/],
  [{ MEDIA_S3_ENDPOINT: 'http://minio:9000' }, /MEDIA_S3_BUCKET and MEDIA_S3_ACCESS_KEY_ID/],
  [{ MEDIA_S3_BUCKET: 'A Bucket', ...KEY }, /MEDIA_S3_BUCKET: expected the name of a bucket/],
  [{ MEDIA_S3_ENDPOINT: 'http://minio:9000/files' }, /MEDIA_S3_ENDPOINT: expected an origin/],
])('%j stops the start, and is named', (source, said) => {
  expect(() => readEnvironment(source as NodeJS.ProcessEnv)).toThrow(said);
});
