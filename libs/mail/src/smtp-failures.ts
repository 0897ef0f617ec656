import { HubError } from '@throughline/kernel/errors.js';

/**
 * - `retry`: the server does not have the mail, and may take it later
 * - `ask`: it may have it; look before it is sent again
 * - `config`: our settings or our standing with the server are wrong; people must act
 * - `fallback`: there is no such address; the person may be reached elsewhere
 * - `permanent`: this mail will never reach this address
 */
export type MailFailureKind = 'retry' | 'ask' | 'config' | 'fallback' | 'permanent';

export class MailFailure extends Error {
  constructor(
    readonly kind: MailFailureKind,
    /** The SMTP reply, such as 550; null when there was none. */
    readonly code: number | null,
    message: string,
    cause: unknown,
  ) {
    super(message, { cause });
    this.name = 'MailFailure';
  }

  /** What went wrong before the server was spoken to. */
  static of(error: unknown): MailFailure {
    if (!(error instanceof HubError)) return new MailFailure('retry', null, 'The mail server was not reached', error);
    return new MailFailure(error.retryable ? 'retry' : 'config', null, error.message, error);
  }
}

interface SmtpError {
  code?: string;
  responseCode?: number;
  response?: string;
  command?: string;
}

/** Replies about us and not about this mail (RFC 4954, RFC 5321, RFC 3463): login, sender refused, relaying denied. */
const ABOUT_US: ReadonlySet<number> = new Set([454, 502, 503, 504, 523, 524, 530, 534, 535, 538]);
/** Enhanced codes that say the same under a number that could mean the recipient: 5.7.x of policy and 5.1.8, 5.1.7 of the sender. */
const ENHANCED_ABOUT_US = /\b5\.(7\.(1|8|9|11|13|14|26|27)|1\.[78])\b/;

/** Where it stands, so that nothing else that looks like one is taken for it; some servers put a # before it. */
const ENHANCED = /^\d{3}[ -]#?(5\.\d{1,3}\.\d{1,3})(?=\s|$)/;

/** In characters. What matters stands first, and a server may go on for a megabyte. */
const LONGEST_RESPONSE = 1_000;

/** @param handedOver whether the server may have got all of the mail */
export function smtpFailure(error: unknown, handedOver: boolean): MailFailure {
  if (error instanceof MailFailure) return error;
  if (error instanceof HubError) return MailFailure.of(error);
  const { responseCode, response: said, code, command } = error as SmtpError;
  const response = said?.slice(0, LONGEST_RESPONSE);
  if (responseCode === undefined) return new MailFailure(kindWithoutReply(code, handedOver), null, silence(code, handedOver), error);
  return new MailFailure(kindOf(responseCode, response ?? '', command), responseCode, `The mail server said: ${discreet(response ?? String(responseCode))}`, error);
}

function kindOf(reply: number, response: string, command: string | undefined): MailFailureKind {
  if (ABOUT_US.has(reply)) return 'config';
  if (reply < 500) return 'retry';
  // The sender is refused before a recipient is named; the recipient, or the mail itself, later.
  if (command === 'MAIL FROM' || command?.startsWith('AUTH') || ENHANCED_ABOUT_US.test(response)) return 'config';
  return isNoSuchAddress(ENHANCED.exec(response)?.[1] ?? '') ? 'fallback' : 'permanent';
}

/** @param code such as 5.1.1 (RFC 3463): the address of whom it is for is no good; 5.1.7 and 5.1.8 speak of its sender */
export const isNoSuchAddress = (code: string): boolean => /^5\.1\.(?![78]$)\d{1,3}$/.test(code);

function kindWithoutReply(code: string | undefined, handedOver: boolean): MailFailureKind {
  if (handedOver) return 'ask';
  return code === 'ETLS' || code === 'EAUTH' ? 'config' : 'retry';
}

function silence(code: string | undefined, handedOver: boolean): string {
  const why = code ?? 'no reason given';
  return handedOver ? `The mail server got the mail and did not say what became of it (${why})` : `The mail server was not reached, or went away before it had the mail (${why})`;
}

/** Servers quote addresses; a log and a row need the reason alone. */
const discreet = (response: string): string => response.replace(/<?[^\s<>]+@[^\s<>]+>?/g, '…').replace(/\s+/g, ' ').trim().slice(0, 200);
