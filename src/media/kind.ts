import { fileTypeFromBuffer } from 'file-type';
import { typeOf } from './media.policy.js';

/** What a file is by its bytes. @returns null when it is nothing that is kept here */
export async function kindOf(bytes: Buffer, declared: string): Promise<string | null> {
  return typeOf((await fileTypeFromBuffer(bytes))?.mime, declared);
}
