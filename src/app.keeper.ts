import { randomBytes } from 'node:crypto';
import fs from 'node:fs';
import path from 'node:path';
import { socketOf } from '@throughline/database/database.js';
import { Seal } from '@throughline/kernel/seal.js';
import { DataSource } from 'typeorm';

const READ_TRIES = 20;
const READ_AGAIN_MS = 50;

/** A secret that the hub made for itself once, kept in `DATA_DIR` so that the next start has the same one. @throws when its file is empty */
export function keptSecret(dataDir: string, name: string, make: () => string = () => randomBytes(24).toString('base64url')): string {
  const file = path.join(dataDir, name);
  fs.mkdirSync(dataDir, { recursive: true });
  try {
    fs.writeFileSync(file, make(), { mode: 0o600, flag: 'wx' });
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code !== 'EEXIST') throw error;
  }
  return written(file);
}

/** Another process may have made the file this instant, and be about to write into it. */
function written(file: string): string {
  for (let tries = 0; tries < READ_TRIES; tries += 1) {
    const secret = fs.readFileSync(file, 'utf8').trim();
    if (secret) return secret;
    Atomics.wait(new Int32Array(new SharedArrayBuffer(4)), 0, 0, READ_AGAIN_MS);
  }
  throw new Error(`${file} is empty. Put back what it held, or delete it to have another secret made.`);
}

/** How far the sandbox's time was moved. Kept, so that after a restart nothing lies in the future. */
export function keptOffset(dataDir: string): number {
  const file = path.join(dataDir, 'sandbox-clock');
  const ms = fs.existsSync(file) ? Number(fs.readFileSync(file, 'utf8')) : 0;
  return Number.isFinite(ms) && ms > 0 ? ms : 0;
}

export function keepOffset(dataDir: string, ms: number): void {
  fs.writeFileSync(path.join(dataDir, 'sandbox-clock'), String(ms));
}

/**
 * The first start that a database sees decides by which key its secrets open, whoever else starts at the same time. A process with another
 * one would seal what the others cannot open.
 *
 * @throws when `secretsKey` is not that key
 */
export async function checkSecretsKey(databaseUrl: string, secretsKey: string): Promise<void> {
  const own = new Seal(secretsKey).sign('', 'fingerprint').toString('hex');
  const owner = new DataSource({ type: 'postgres', url: databaseUrl, poolSize: 1, extra: socketOf(databaseUrl) });
  await owner.initialize();
  try {
    const known = (await owner.query(
      'insert into keys.secrets (fingerprint) values ($1) on conflict (one) do update set one = true returning fingerprint', [own],
    )) as { fingerprint: string }[];
    if (known[0]?.fingerprint === own) return;
    throw new Error(
      'This start has another SECRETS_KEY than the one that this database was begun with, so it could not open the passwords kept there. Set SECRETS_KEY ' +
        'to the same value in every process; where none was set, it is in the file secrets-key in the DATA_DIR of the process that was started first. ' +
        'If that key is lost: delete from keys.secrets; then start, and set the passwords of all mailboxes anew.',
    );
  } finally {
    await owner.destroy();
  }
}
