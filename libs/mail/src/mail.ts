export interface MailAddress {
  /** Lower case, the domain as DNS has it. */
  address: string;
  name: string | null;
}

export interface MailPart {
  contentType: string;
  name: string | null;
  bytes: Buffer;
}

/** A mail, read. Nothing in it is proved. */
export interface Mail {
  /** Who it says that it is from; null when it names nobody or several. */
  from: MailAddress | null;
  to: string[];
  subject: string;
  messageId: string | null;
  /** Message-IDs that it answers, the nearest last. */
  references: string[];
  date: Date | null;
  /** All of its words, those of an HTML mail as text. */
  text: string;
  /** Those of them that its author wrote anew. */
  newWords: string;
  /** What a browser may show without loading or running anything; null when it has no HTML. */
  html: string | null;
  /** Files, pictures within the text among them, in their order. */
  files: MailPart[];
  /** What a server reports of a mail of ours (RFC 3464), and the headers of that mail. */
  report: { status: string; returned: string } | null;
  /** All headers of that name, topmost first, unfolded. */
  header(name: string): string[];
}

/** A mail as it goes from one thread to another. */
export type PlainMail = Omit<Mail, 'header'> & { headers: [string, string][] };

export const mailOf = ({ headers, ...mail }: PlainMail): Mail => ({
  ...mail, header: (name) => headers.filter(([key]) => key === name.toLowerCase()).map(([, value]) => value),
});

/** What is left of the 256 characters of an identity in Twilio's Conversations. */
const MOST_ADDRESS = 240;
const ADDRESS = /^[^\s@<>()[\]\\,;:"\p{Cc}]{1,64}@[a-z0-9](?:[a-z0-9.-]{0,250}[a-z0-9])?$/u;

/** In the one way in which it is kept; null when it is no address that can be answered. */
export function normalAddress(text: string): string | null {
  const at = text.lastIndexOf('@');
  const domain = asciiDomain(text.slice(at + 1));
  const address = `${text.slice(0, at).trim().toLowerCase()}@${domain}`;
  return at > 0 && address.length <= MOST_ADDRESS && ADDRESS.test(address) ? address : null;
}

function asciiDomain(domain: string): string {
  const url = `http://${domain.trim()}`;
  return /^[^/?#:@\\\s]+$/.test(domain.trim()) && URL.canParse(url) ? new URL(url).hostname : '';
}
