import { spawn, spawnSync } from 'node:child_process';
import { once } from 'node:events';
import fs from 'node:fs/promises';
import os from 'node:os';
import path from 'node:path';
import { createInterface } from 'node:readline';
import { AwsClient } from 'aws4fetch';
import type { S3Options } from '../../src/media/s3.store.js';

const PYTHON = '/usr/bin/python3';
const SCRIPT = path.resolve(import.meta.dirname, 's3.server.py');
/** Swift forgets some answers to the removal of a version, and has them when it is asked again: soon, but not before a busy machine can answer. */
const ACCESS = { region: 'eu-test-1', accessKeyId: 'test:hub', secretAccessKey: 'sesame', timeoutMs: 4_000 };

/** OpenStack Swift, which speaks S3 and checks signatures. Debian's package python3-swift. */
export const hasS3 = (): boolean => spawnSync(PYTHON, ['-c', 'import swift']).status === 0;

export interface S3Server {
  /** A bucket of its own. @param versions what is replaced or removed is kept in it as well */
  bucket(name: string, versions?: boolean): Promise<S3Options>;
  /** What is in a bucket, older versions and all, as the store lists it. */
  listing(bucket: string): Promise<string>;
  close(): Promise<void>;
}

export async function startS3(): Promise<S3Server> {
  const folder = await fs.mkdtemp(path.join(os.tmpdir(), 'throughline-s3-'));
  const child = spawn(PYTHON, ['-B', SCRIPT, folder], { stdio: ['pipe', 'pipe', 'inherit'] });
  const [port] = (await once(createInterface(child.stdout), 'line')) as [string];
  const endpoint = `http://127.0.0.1:${port}`;
  const client = new AwsClient({ ...ACCESS, service: 's3', retries: 0 });
  const ask = async (method: string, where: string, body?: string): Promise<string> => {
    const answer = await client.fetch(`${endpoint}/${where}`, { method, ...(body ? { body } : {}) });
    if (!answer.ok) throw new Error(`${method} ${where}: ${answer.status} ${await answer.text()}`);
    return answer.text();
  };
  return {
    async bucket(bucket, versions = false) {
      await ask('PUT', bucket);
      if (versions) await ask('PUT', `${bucket}?versioning=`, '<VersioningConfiguration><Status>Enabled</Status></VersioningConfiguration>');
      return { bucket, endpoint, ...ACCESS };
    },
    listing: (bucket) => ask('GET', `${bucket}?versions=`),
    async close() {
      child.stdin.end();
      await once(child, 'exit');
      await fs.rm(folder, { recursive: true, force: true });
    },
  };
}
