import { createCipheriv, createDecipheriv, createHash, createHmac, randomBytes } from 'node:crypto';
import { HubError } from './errors.js';

const CIPHER = 'aes-256-gcm';
const VERSION = 'v1';
const IV_BYTES = 12;

/** Keeps secrets of others (passwords of mailboxes) so that a copy of the database alone gives none of them away. */
export class Seal {
  private readonly key: Buffer;

  /** @param secret any text of high entropy; the key is made from it */
  constructor(secret: string) {
    this.key = createHash('sha256').update(`throughline seal ${secret}`).digest();
  }

  /** @param place what the secret is for; it opens nowhere else, so that nobody can move it from one row to another */
  close(secret: string, place: string): string {
    const iv = randomBytes(IV_BYTES);
    const cipher = createCipheriv(CIPHER, this.key, iv).setAAD(Buffer.from(place));
    const sealed = Buffer.concat([cipher.update(secret, 'utf8'), cipher.final()]);
    return [VERSION, ...[iv, cipher.getAuthTag(), sealed].map((part) => part.toString('base64url'))].join('.');
  }

  /** @throws HubError `secret_unreadable` when it was sealed with another key, for another place, or was changed */
  open(sealed: string, place: string): string {
    const [version, ...parts] = sealed.split('.');
    const [iv, tag, text] = parts.map((part) => Buffer.from(part, 'base64url'));
    try {
      if (version !== VERSION || !iv || !tag || !text) throw new Error('not of this version');
      const decipher = createDecipheriv(CIPHER, this.key, iv, { authTagLength: 16 }).setAAD(Buffer.from(place)).setAuthTag(tag);
      return Buffer.concat([decipher.update(text), decipher.final()]).toString('utf8');
    } catch (error) {
      throw new HubError('internal', 'secret_unreadable', 'A kept secret does not open with this SECRETS_KEY.', { cause: error });
    }
  }

  /** A mark that nobody else can put under this text. @param place what it is for; it says nothing anywhere else */
  sign(text: string, place: string): Buffer {
    return createHmac('sha256', this.key).update(`${place}\n${text}`).digest();
  }
}
