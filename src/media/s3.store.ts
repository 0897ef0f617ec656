import { createHash } from 'node:crypto';
import { setTimeout as delay } from 'node:timers/promises';
import { HubError } from '@throughline/kernel/errors.js';
import { AwsClient } from 'aws4fetch';
import { checkedKey, MediaStore } from './media.store.js';

export interface S3Options {
  bucket: string;
  /** Origin of MinIO, Garage, Ceph and the like, which have the bucket in the path. Undefined: AWS, which has it in the host's name. */
  endpoint: string | undefined;
  region: string;
  accessKeyId: string;
  secretAccessKey: string;
  /** Milliseconds for one request, its body included. */
  timeoutMs?: number;
}

interface Answer {
  status: number;
  headers: Headers;
  bytes: Buffer;
}

const TIMEOUT_MS = 5_000;
/** Milliseconds before each further try. All tries together end within the time that a job may hold a message. */
const PAUSES_MS = [100, 500];
const MOST_VERSIONS = 1_000;

const sha256 = (bytes: Buffer): string => createHash('sha256').update(bytes).digest('hex');

/**
 * In a bucket of any store that speaks S3, for hubs that share no folder. A put is one request whose signature covers the hash of
 * the bytes: the store refuses what arrived in another shape, and shows nothing until all of it is there.
 */
export class S3Store extends MediaStore {
  private readonly client: AwsClient;
  private readonly root: string;

  constructor(private readonly options: S3Options) {
    super();
    const { bucket, endpoint, region, accessKeyId, secretAccessKey } = options;
    this.client = new AwsClient({ accessKeyId, secretAccessKey, region, service: 's3', retries: 0 });
    this.root = rootOf(bucket, endpoint, region);
  }

  /** @throws HubError `media_store_unavailable`, as all of these do, when another try may succeed */
  async put(key: string, bytes: Buffer): Promise<void> {
    const hash = sha256(bytes);
    const headers = { 'Content-Type': 'application/octet-stream', 'x-amz-content-sha256': hash, 'x-amz-meta-sha256': hash };
    const { status } = await this.ask('PUT', this.urlOf(key), headers, bytes);
    if (status !== 200) throw refused('a file', status);
  }

  async get(key: string): Promise<Buffer | null> {
    const { status, headers, bytes } = await this.ask('GET', this.urlOf(key));
    // Without its bucket nothing is there, and nothing can be said to be gone.
    if (status === 404 && !bytes.includes('NoSuchBucket')) return null;
    if (status !== 200) throw refused('a question for a file', status);
    const written = headers.get('x-amz-meta-sha256');
    if (written && written !== sha256(bytes)) throw unavailable('a file is not what was put');
    return bytes;
  }

  async remove(key: string): Promise<void> {
    const { status, headers } = await this.ask('DELETE', this.urlOf(key));
    if (status !== 204) throw refused('the removal of a file', status);
    // A bucket with versions only hides what is removed.
    if (headers.has('x-amz-delete-marker') || headers.has('x-amz-version-id')) await this.removeVersions(key);
  }

  private async removeVersions(key: string): Promise<void> {
    const { status, bytes } = await this.ask('GET', `${this.root}/?versions=&prefix=${encodeURIComponent(key)}&max-keys=${MOST_VERSIONS}`);
    if (status !== 200) throw refused('a question for the versions that its bucket keeps (s3:ListBucketVersions)', status);
    // The listing begins with the newest, which hides the others until they are gone.
    for (const version of versionsOf(bytes.toString(), key).reverse()) {
      const gone = await this.ask('DELETE', `${this.urlOf(key)}?versionId=${encodeURIComponent(version)}`);
      if (gone.status !== 204 && gone.status !== 404) throw refused('the removal of a version (s3:DeleteObjectVersion)', gone.status);
    }
  }

  private async ask(method: string, url: string, headers: Record<string, string> = {}, body?: Buffer): Promise<Answer> {
    for (const pause of [...PAUSES_MS, null]) {
      const answer = await this.once(method, url, headers, body).catch((error: unknown) => {
        if (pause === null) throw unavailable('no answer came', error);
        return null;
      });
      if (answer && (pause === null || (answer.status < 500 && answer.status !== 429))) return answer;
      await delay(pause!);
    }
    throw unavailable('no answer came');
  }

  private async once(method: string, url: string, headers: Record<string, string>, body: Buffer | undefined): Promise<Answer> {
    const signal = AbortSignal.timeout(this.options.timeoutMs ?? TIMEOUT_MS);
    const answer = await fetch(await this.client.sign(url, { method, headers, ...(body ? { body: new Uint8Array(body) } : {}), redirect: 'manual' }), { signal });
    return { status: answer.status, headers: answer.headers, bytes: Buffer.from(await answer.arrayBuffer()) };
  }

  /** Path-style where an endpoint is given. */
  urlOf(key: string): string {
    return `${this.root}/${checkedKey(key)}`;
  }
}

/** A bucket with a dot in its name has no certificate as a host. */
function rootOf(bucket: string, endpoint: string | undefined, region: string): string {
  if (endpoint) return `${endpoint}/${bucket}`;
  return bucket.includes('.') ? `https://s3.${region}.amazonaws.com/${bucket}` : `https://${bucket}.s3.${region}.amazonaws.com`;
}

/** The ids of what a listing has under exactly this key. Keys and ids hold nothing that XML would write in another way. */
function versionsOf(listing: string, key: string): string[] {
  const entries = [...listing.matchAll(/<(?:Version|DeleteMarker)>([\s\S]*?)<\/(?:Version|DeleteMarker)>/g)].map((match) => match[1]!);
  return entries.filter((entry) => entry.includes(`<Key>${key}</Key>`)).flatMap((entry) => /<VersionId>([^<]+)<\/VersionId>/.exec(entry)?.[1] ?? []);
}

const HINTS: Record<number, string> = { 301: 'check MEDIA_S3_REGION', 307: 'check MEDIA_S3_REGION', 403: 'check the keys and what they may do', 404: 'check MEDIA_S3_BUCKET' };

const refused = (what: string, status: number): HubError => unavailable(`it answered ${status} to ${what}${HINTS[status] ? `; ${HINTS[status]}` : ''}`);

const unavailable = (why: string, cause?: unknown): HubError =>
  new HubError('unavailable', 'media_store_unavailable', `The media store did not do it: ${why}.`, { cause });
