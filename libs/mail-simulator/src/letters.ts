import type { Clock } from '@throughline/kernel/clock.js';
import MailComposer from 'nodemailer/lib/mail-composer';

/** What the receiving server found out about who sends (DMARC); `none`: it has not looked. */
export type Proof = 'pass' | 'fail' | 'none';

export interface Letter {
  from: string;
  to: string;
  name?: string;
  subject?: string;
  text?: string;
  html?: string;
  messageId?: string;
  inReplyTo?: string;
  references?: string[];
  headers?: Record<string, string>;
  attachments?: { filename: string; contentType: string; base64: string; cid?: string }[];
  proof?: Proof;
  /** The whole mail instead, as it goes over the wire. */
  raw?: string;
}

/** The host that this simulator's servers call themselves. */
export const MX = 'mx.mail.test';

export function composed(letter: Letter, messageId: string, at: Date): Promise<Buffer> {
  const { from, name, to, subject, text, html, inReplyTo, references, headers, attachments } = letter;
  const mail = new MailComposer({
    from: name ? { name, address: from } : from, to, subject: subject ?? '', text: text ?? (html ? undefined : ''), html, messageId, date: at, inReplyTo, references, headers,
    attachments: attachments?.map(({ filename, contentType, base64, cid }) => ({ filename, contentType, cid, content: Buffer.from(base64, 'base64') })),
  });
  return mail.compile().build();
}

/** With what a receiving server writes on top of a mail. */
export function stamped(raw: Buffer, { from, to, proof, clock }: { from: string; to: string; proof: Proof; clock: Clock }): Buffer {
  const domain = /^From:.*@([^\s>]+)/im.exec(raw.toString('latin1'))?.[1] ?? '';
  const results = proof === 'none' ? [] : [`Authentication-Results: ${MX}; dmarc=${proof} (p=none) header.from=${domain}`];
  const lines = [`Return-Path: <${from}>`, `Delivered-To: ${to}`, ...results, `Received: by ${MX} with ESMTP; ${clock.now().toUTCString()}`];
  return Buffer.concat([Buffer.from(`${lines.join('\r\n')}\r\n`), raw]);
}

/** The report of a server that could not deliver (RFC 3464). */
export function bounceOf(raw: Buffer, to: string, sender: string, at: Date): Buffer {
  const returned = raw.toString('latin1').split(/\r?\n\r?\n/, 1)[0]!;
  return Buffer.from([
    `From: Mail Delivery System <MAILER-DAEMON@${MX}>`, `To: ${sender}`, 'Subject: Undelivered Mail Returned to Sender', `Date: ${at.toUTCString()}`,
    `Message-ID: <bounce-${at.getTime()}-${Math.random().toString(36).slice(2)}@${MX}>`, 'Auto-Submitted: auto-replied', 'MIME-Version: 1.0',
    'Content-Type: multipart/report; report-type=delivery-status; boundary="report"', '', '--report', 'Content-Type: text/plain', '',
    `I could not deliver your mail to ${to}.`, '', '--report', 'Content-Type: message/delivery-status', '', `Reporting-MTA: dns; ${MX}`, '',
    `Final-Recipient: rfc822; ${to}`, 'Action: failed', 'Status: 5.1.1', 'Diagnostic-Code: smtp; 550 5.1.1 user unknown', '',
    '--report', 'Content-Type: text/rfc822-headers', '', returned, '', '--report--', '',
  ].join('\r\n'), 'latin1');
}
