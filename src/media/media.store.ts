import { randomBytes } from 'node:crypto';
import fs from 'node:fs/promises';
import path from 'node:path';

/** Where the bytes of attachments are kept. Keys are ours: segments of letters, digits and hyphens, separated by slashes. */
export abstract class MediaStore {
  /** Whole or not at all. The same key again replaces what was there. */
  abstract put(key: string, bytes: Buffer): Promise<void>;
  /** @returns null when there is nothing under this key */
  abstract get(key: string): Promise<Buffer | null>;
  /** With whatever an interrupted put has left of it. Nothing happens when there is nothing. */
  abstract remove(key: string): Promise<void>;
}

const KEY = /^[A-Za-z0-9-]+(\/[A-Za-z0-9-]+)*$/;

/** @throws RangeError for what is no key, before anything is asked of a store */
export function checkedKey(key: string): string {
  if (!KEY.test(key)) throw new RangeError(`Not a key of the media store: ${key}`);
  return key;
}

/** In a folder of this machine, for one hub or several that share the folder. */
export class FolderStore extends MediaStore {
  constructor(private readonly folder: string) {
    super();
  }

  async put(key: string, bytes: Buffer): Promise<void> {
    const file = this.fileOf(key);
    await fs.mkdir(path.dirname(file), { recursive: true, mode: 0o700 });
    const unfinished = `${file}.${randomBytes(6).toString('hex')}.part`;
    try {
      // On the disk before it has its name, so that a crash leaves no half file under it.
      await fs.writeFile(unfinished, bytes, { mode: 0o600, flush: true });
      await fs.rename(unfinished, file);
    } catch (error) {
      await fs.rm(unfinished, { force: true });
      throw error;
    }
  }

  async get(key: string): Promise<Buffer | null> {
    return (await fs.readFile(this.fileOf(key)).catch(unlessMissing)) ?? null;
  }

  async remove(key: string): Promise<void> {
    const file = this.fileOf(key);
    const [folder, name] = [path.dirname(file), path.basename(file)];
    const names = (await fs.readdir(folder).catch(unlessMissing)) ?? [];
    const ours = names.filter((each) => each === name || (each.startsWith(`${name}.`) && each.endsWith('.part')));
    for (const each of ours) await fs.rm(path.join(folder, each), { force: true });
    await fs.rmdir(folder).catch(unlessInUse);
  }

  private fileOf(key: string): string {
    return path.join(this.folder, ...checkedKey(key).split('/'));
  }
}

function unlessMissing(error: NodeJS.ErrnoException): undefined {
  if (error.code !== 'ENOENT') throw error;
  return undefined;
}

/** Somebody puts another file of the message there, or removes the folder, too. */
function unlessInUse(error: NodeJS.ErrnoException): void {
  if (error.code !== 'ENOTEMPTY' && error.code !== 'ENOENT') throw error;
}
