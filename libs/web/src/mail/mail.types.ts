/** What the simulated post office says, as far as the page shows it. */
export interface PersonMail {
  id: number;
  direction: 'received' | 'sent';
  from: string;
  to: string;
  subject: string;
  text: string;
  messageId: string;
  references: string[];
  headers: Record<string, string>;
  attachments: { filename: string; contentType: string; size: number }[];
  at: string;
}

export type Habit = 'reads' | 'vacation' | 'bounces';

export interface Writer {
  address: string;
  name: string;
  habit: Habit;
  /** Oldest first. */
  mails: PersonMail[];
}

export const habits: { habit: Habit; label: string; why: string }[] = [
  { habit: 'reads', label: 'takes it in', why: 'as mailboxes do' },
  { habit: 'vacation', label: 'answers by itself', why: 'an absence; the assistant stays silent' },
  { habit: 'bounces', label: 'sends it back', why: 'no such mailbox; the delivery is marked' },
];

/** `Ada <ada@x.test>` -> `Ada` */
export const nameIn = (text: string): string => /^"?([^"<]+?)"?\s*</.exec(text)?.[1] ?? text;
