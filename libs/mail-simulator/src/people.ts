import fs from 'node:fs';
import { simpleParser } from 'mailparser';

/** What somebody's mail program does with what it gets. */
export type Habit = 'reads' | 'vacation' | 'bounces';

export interface PersonMail {
  id: number;
  direction: 'received' | 'sent';
  from: string;
  to: string;
  replyTo: string | null;
  subject: string;
  text: string;
  html: string | null;
  messageId: string;
  references: string[];
  /** Names in lower case. */
  headers: Record<string, string>;
  attachments: { filename: string; contentType: string; size: number }[];
  at: string;
}

interface Row {
  /** Whose mail it is. */
  address: string;
  /** Who it was for. */
  to: string;
  direction: PersonMail['direction'];
  raw: string;
  at: string;
}

/** The mail programs of people outside of the company, with what they got and sent. */
export class People {
  private readonly mails = new Map<string, PersonMail[]>();
  private readonly habits = new Map<string, Habit>();
  private readonly rows: Row[] = [];
  private count = 0;

  private constructor(private readonly stateFile: string | undefined) {}

  /** @param stateFile what was got and sent survives the process in there */
  static async open(stateFile: string | undefined): Promise<People> {
    const people = new People(stateFile);
    const rows = stateFile && fs.existsSync(stateFile) ? fs.readFileSync(stateFile, 'utf8').split('\n').flatMap(rowIn) : [];
    for (const row of rows) await people.keep(row);
    return people;
  }

  async add(address: string, direction: PersonMail['direction'], to: string, raw: Buffer, at: Date): Promise<PersonMail> {
    const row: Row = { address, to, direction, raw: raw.toString('base64'), at: at.toISOString() };
    if (this.stateFile) fs.appendFileSync(this.stateFile, `${JSON.stringify(row)}\n`, { mode: 0o600 });
    return this.keep(row);
  }

  private async keep(row: Row): Promise<PersonMail> {
    const { address, direction, raw, at } = row;
    this.rows.push(row);
    const parsed = await simpleParser(Buffer.from(raw, 'base64'), { skipTextToHtml: true });
    const first = (named: typeof parsed.to): string => [named ?? []].flat()[0]?.text ?? '';
    const mail: PersonMail = {
      id: ++this.count, direction, from: parsed.from?.text ?? '', to: first(parsed.to), replyTo: parsed.replyTo?.text ?? null,
      subject: parsed.subject ?? '', text: (parsed.text ?? '').trim(), html: parsed.html || null, messageId: parsed.messageId ?? '',
      references: [parsed.references ?? []].flat(), at,
      headers: Object.fromEntries(parsed.headerLines.map(({ key, line }) => [key, line.slice(line.indexOf(':') + 1).replace(/\r?\n\s*/g, ' ').trim()])),
      attachments: parsed.attachments.map(({ filename, contentType, size }) => ({ filename: filename ?? 'file', contentType, size })),
    };
    this.mails.set(address, [...(this.mails.get(address) ?? []), mail]);
    return mail;
  }

  /** Everything that people ever sent to this address: what its mailbox would still have. */
  sentTo(mailbox: string): { from: string; raw: Buffer; at: Date }[] {
    return this.rows.filter(({ direction, to }) => direction === 'sent' && to === mailbox).map(({ address, raw, at }) => ({ from: address, raw: Buffer.from(raw, 'base64'), at: new Date(at) }));
  }

  of(address: string): PersonMail[] {
    return this.mails.get(address) ?? [];
  }

  all(): string[] {
    return [...this.mails.keys()];
  }

  habitOf(address: string): Habit {
    return this.habits.get(address) ?? 'reads';
  }

  setHabit(address: string, habit: Habit): void {
    this.habits.set(address, habit);
  }
}

/** The last line may have been cut off by a crash. */
function rowIn(line: string): Row[] {
  try {
    return [JSON.parse(line) as Row];
  } catch {
    return [];
  }
}
