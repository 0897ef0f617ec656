import { randomBytes } from 'node:crypto';
import fs from 'node:fs';
import path from 'node:path';

/** A secret that the hub made for itself once, kept in `DATA_DIR` so that the next start has the same one. */
export function keptSecret(dataDir: string, name: string, make: () => string = () => randomBytes(24).toString('base64url')): string {
  const file = path.join(dataDir, name);
  fs.mkdirSync(dataDir, { recursive: true });
  try {
    fs.writeFileSync(file, make(), { mode: 0o600, flag: 'wx' });
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code !== 'EEXIST') throw error;
  }
  return fs.readFileSync(file, 'utf8').trim();
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
