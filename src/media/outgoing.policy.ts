import type { Channel } from '../conversations/conversations.types.js';
import { MOST_BYTES } from './media.types.js';

/** A file that is to be sent, as far as channels mind. */
export interface Sendable {
  contentType: string;
  /** Bytes. */
  size: number;
  filename: string | null;
}

interface Limits {
  /** What the channel calls such a message, for people to read. */
  name: string;
  kinds: RegExp;
  /** What it takes, in words. */
  words: string;
  /** Bytes of one file. */
  each: (contentType: string) => number;
  /** Bytes of all files of a message together. */
  together: number;
}

const MB = 1_000_000;
/** Twilio takes no more with one message (21623). */
export const MOST_FILES = 10;

/** https://www.twilio.com/docs/messaging/guides/accepted-mime-types and https://www.twilio.com/docs/whatsapp/guidance-whatsapp-media-messages */
const LIMITS: Partial<Record<Channel, Limits>> = {
  sms: {
    name: 'MMS', words: 'pictures, sound, films, PDF, contact cards and calendar entries', each: () => 5 * MB, together: 5 * MB,
    kinds: /^(image\/(jpeg|png|gif|bmp|tiff|heic|heif)|audio\/.+|video\/.+|application\/pdf|text\/(vcard|x-vcard|directory|calendar|csv))$/,
  },
  whatsapp: {
    name: 'WhatsApp', words: 'JPEG and PNG pictures, sound, MP4 films, PDF, Word, Excel and PowerPoint files and contact cards',
    each: (contentType) => (contentType.startsWith('image/') ? 5 : 16) * MB, together: MOST_FILES * 16 * MB,
    kinds: /^(image\/(jpeg|png)|audio\/(ogg|amr|3gpp|aac|mpeg)|video\/mp4|text\/(vcard|x-vcard)|application\/(pdf|msword|vnd\.openxmlformats-officedocument\.(wordprocessingml\.document|presentationml\.presentation|spreadsheetml\.sheet)))$/,
  },
  // Gmail and Exchange take mails of 25 MB, and base64 makes four bytes of three.
  email: { name: 'E-mail', words: 'every kind of file that is kept here', kinds: /./, each: () => 16 * MB, together: 18 * MB },
  rcs: {
    name: 'RCS', words: 'JPEG, PNG and GIF pictures, films and PDF', each: () => 16 * MB, together: MOST_FILES * 16 * MB,
    kinds: /^(image\/(jpeg|png|gif)|video\/(mp4|mpeg|webm)|application\/pdf)$/,
  },
  // A page fetches them here, as it may fetch what its visitor has brought.
  chat: { name: 'the web chat', words: 'all that is kept here', each: () => MOST_BYTES, together: MOST_FILES * MOST_BYTES, kinds: /./ },
};

const inMb = (bytes: number): string => `${Math.floor(bytes / MB)} MB`;

/** Why the channel does not carry these files, in a sentence that names the limit; null when it does. */
export function whyNotSend(channel: Channel, files: readonly Sendable[]): string | null {
  const limits = LIMITS[channel];
  if (!limits) return 'Nothing can be attached to what goes this way.';
  if (files.length > MOST_FILES) return `${limits.name} takes at most ${MOST_FILES} files with one message.`;
  for (const [index, { contentType, size, filename }] of files.entries()) {
    const [file, kind] = [filename ?? `File ${index + 1}`, contentType.split(';')[0]!];
    if (!limits.kinds.test(kind)) return `${file} is ${kind}, and ${limits.name} takes ${limits.words}.`;
    const most = limits.each(kind);
    if (size > most) return `${file} is larger than the ${inMb(most)} that ${limits.name} takes for it.`;
  }
  const all = files.reduce((sum, { size }) => sum + size, 0);
  return all > limits.together ? `Together the files are larger than the ${inMb(limits.together)} that ${limits.name} takes.` : null;
}

/** What a file is called, without where it lay, and without what a header, a shell or a reader could stumble over. Null for nothing. */
export function filenameOf(said: string | undefined): string | null {
  const name = (said ?? '').split(/[/\\]/).at(-1)!.replace(/[^\p{L}\p{N}._ -]/gu, '').replace(/\s+/g, ' ').replace(/^[. ]+|[. ]+$/g, '');
  return name === '' ? null : name.slice(-100);
}

/** As a header says it: `name.pdf`, and the same in all alphabets for those who read that (RFC 6266). */
export function disposition(kind: 'inline' | 'attachment', filename: string | null): string {
  if (filename === null) return kind;
  const plain = filename.normalize('NFKD').replace(/[^A-Za-z0-9._-]/g, '') || 'file';
  return `${kind}; filename="${plain}"; filename*=UTF-8''${encodeURIComponent(filename)}`;
}
