import type { Account, MessagingService, OwnNumber } from '../entities.js';
import type { Form } from '../form.js';
import { badRequest } from '../twilio-error.js';
import { parseInstant } from '../wire.js';
import type { World } from '../world.js';
import { type Channel, isRecipient, isSender, parseAddress } from './address.js';
import { isTooMuch, refusalOf, statusOf } from '../content/approvals.js';
import { isContentVariables, rendered, type Rendered } from '../content/contents.js';
import { isOptedOut, scopeOf } from './opt-out.js';
import { ownSender, rcsSenderOf } from './senders.js';
import type { Draft } from './walk.js';
import { outsideWindow } from './whatsapp-window.js';

/** Checks a `messages.create` as Twilio does, synchronously; the order is that of a careful reading of the form. */
export function draftOf(world: World, account: Account, form: Form): Draft {
  const to = recipient(world, form);
  const service = serviceOf(world, account, form);
  const from = senderOf(world, account, form, service, to);
  const fallbackFrom = fallbackOf(world, account, form, service);
  const { body, mediaUrls, template, rich } = contentOf(world, form, parseAddress(to).channel);
  const number = from === null ? undefined : ownSender(world, from);
  const scope = number ? scopeOf(number) : (service?.sid ?? '');
  const optedOut = isOptedOut(world, account.sid, to, scope);
  if (optedOut && from !== null) throw badRequest(21610, 'Attempt to send to unsubscribed recipient');
  return {
    account, direction: 'outbound-api', from, to, body, mediaUrls, buttons: template?.buttons ?? [], messagingServiceSid: service?.sid ?? null, fallbackFrom,
    ...(rich && service && rcsSenderOf(world, service.sid) ? { rich: { body: rich.text, buttons: rich.buttons } } : {}),
    statusCallback: callbackOf(form) ?? service?.statusCallback ?? null, sendAt: sendAtOf(world, form, service),
    blockedBy: optedOut ? 21610 : refusedByWhatsapp(world, account, to, form, template),
  };
}

/** Outside the window only an approved template goes through; in it all of its places must be filled, each in one line. */
function refusedByWhatsapp(world: World, account: Account, to: string, form: Form, template: Rendered | undefined): number | undefined {
  if (parseAddress(to).channel !== 'whatsapp') return undefined;
  if (template && template.unfilled.length > 0) return 63028;
  const sent = template && world.store.contents.get(form.filled('ContentSid') ?? '');
  if (sent && isTooMuch(sent, template, statusOf(sent, world.clock.ms()))) return 63013;
  if (Object.values(JSON.parse(form.filled('ContentVariables') ?? '{}') as Record<string, unknown>).some((value) => /[\n\t]| {5}/.test(String(value)))) return 63013;
  if (!outsideWindow(world, account.sid, to)) return undefined;
  const content = template && world.store.contents.get(form.filled('ContentSid') ?? '');
  return content ? refusalOf(statusOf(content, world.clock.ms())) : 63016;
}

function recipient(world: World, form: Form): string {
  const to = form.filled('To');
  if (to === undefined) throw badRequest(21604, "A 'To' phone number is required.");
  if (!isRecipient(to)) throw badRequest(21211, `Invalid 'To' Phone Number: ${to}`);
  const refused = /^rejected:(\d+)$/.exec(world.store.phones.get(to)?.outcome ?? '');
  if (refused) throw badRequest(Number(refused[1]), `The message to ${to} is refused`);
  return to;
}

function serviceOf(world: World, account: Account, form: Form): MessagingService | null {
  const sid = form.filled('MessagingServiceSid');
  if (sid === undefined) return null;
  const service = world.store.messagingServices.get(sid);
  if (service?.accountSid !== account.sid) throw badRequest(21701, `The Messaging Service ${sid} does not exist`);
  if (world.store.numbersByService.count(sid) === 0) {
    throw badRequest(21704, 'The Messaging Service contains no phone numbers');
  }
  return service;
}

function senderOf(
  world: World, account: Account, form: Form, service: MessagingService | null, to: string,
): string | null {
  const from = form.filled('From');
  if (from === undefined) {
    if (!service) throw badRequest(21603, "A 'From' phone number is required");
    return null;
  }
  if (!isSender(from)) throw badRequest(21212, `Invalid 'From' Phone Number: ${from}`);
  requireOwn(ownSender(world, from), account, from);
  if (parseAddress(from).channel !== parseAddress(to).channel) {
    throw badRequest(21910, "Invalid 'From' and 'To' pair. 'From' and 'To' should be of the same channel");
  }
  if (from === to) throw badRequest(21266, "'To' and 'From' number cannot be the same");
  return from;
}

function requireOwn(number: OwnNumber | undefined, account: Account, from: string): void {
  if (number?.accountSid === account.sid) return;
  if (parseAddress(from).channel !== 'sms') {
    throw badRequest(63007, 'Twilio could not find a Channel with the specified From address');
  }
  throw badRequest(
    21606,
    `The 'From' phone number ${from} is not a valid, message-capable Twilio phone number for this destination/account`,
  );
}

/** Who sends it as SMS where the phone cannot do RCS (errors 21664, 21666, 21667). */
function fallbackOf(world: World, account: Account, form: Form, service: MessagingService | null): string | null {
  const fallbackFrom = form.filled('FallbackFrom');
  if (fallbackFrom === undefined) return null;
  if (form.filled('From') !== undefined) throw badRequest(21664, "'FallbackFrom' cannot be used with a 'From' sender");
  if (!service) throw badRequest(21666, "'FallbackFrom' requires MessagingServiceSid");
  if (!rcsSenderOf(world, service.sid)) throw badRequest(21667, "'FallbackFrom' requires the Messaging Service to have an RCS Sender");
  requireOwn(ownSender(world, fallbackFrom), account, fallbackFrom);
  return fallbackFrom;
}

interface Worded {
  body: string;
  mediaUrls: string[];
  template: Rendered | undefined;
  /** The same content as RCS shows it, of a message to a plain number. */
  rich: Rendered | undefined;
}

function contentOf(world: World, form: Form, channel: Channel): Worded {
  const body = form.get('Body') ?? '';
  const mediaUrls = form.all('MediaUrl').filter((url) => url !== '');
  const contentSid = form.filled('ContentSid');
  if (body === '' && mediaUrls.length === 0 && contentSid === undefined) {
    throw badRequest(21602, 'Message body is required.');
  }
  // Counted in characters as people count them: 1,600 emoji are still one long message (facts D.1).
  if ([...body].length > 1_600) {
    throw badRequest(21617, 'The concatenated message body exceeds the 1600 character limit');
  }
  if (mediaUrls.length > 10) throw badRequest(21623, 'Number of media files exceeds allowed limit');
  if (!mediaUrls.every((url) => URL.canParse(url))) throw badRequest(21620, 'Invalid media URL(s)');
  const template = contentSid === undefined ? undefined : templateOf(world, form, contentSid, channel);
  const rich = contentSid === undefined || channel !== 'sms' ? undefined : templateOf(world, form, contentSid, 'rcs');
  return { body: template?.text ?? body, mediaUrls, template, rich };
}

/** A template's text takes the place of Body. */
function templateOf(world: World, form: Form, contentSid: string, channel: Channel): Rendered {
  const variables = form.filled('ContentVariables');
  if (variables !== undefined && !isContentVariables(variables)) {
    throw badRequest(21656, 'The Content Variables parameter is invalid');
  }
  const template = rendered(world, contentSid, variables, channel);
  if (template === undefined) throw badRequest(21655, `The ContentSid ${contentSid} is invalid`);
  return template;
}

function callbackOf(form: Form): string | undefined {
  const url = form.filled('StatusCallback');
  if (url === undefined) return undefined;
  const parsed = url.length <= 4_000 && URL.canParse(url) ? new URL(url) : undefined;
  if (!parsed || !/^https?:$/.test(parsed.protocol) || parsed.hostname.includes('_')) throw badRequest(21609, `The 'StatusCallback' URL ${url.slice(0, 200)} is not a valid URL.`);
  return url;
}

// Twilio schedules between 15 minutes and 35 days ahead, and only with a Messaging Service.
const SCHEDULE_MIN_MS = 15 * 60_000;
const SCHEDULE_MAX_MS = 35 * 24 * 3_600_000;

function sendAtOf(world: World, form: Form, service: MessagingService | null): number | undefined {
  if (form.filled('ScheduleType') === undefined) return undefined;
  if (!service) throw badRequest(35118, 'MessagingServiceSid is required to schedule a message');
  const at = parseInstant(form.get('SendAt') ?? '');
  if (at === undefined) throw badRequest(35111, "The 'SendAt' parameter is missing or invalid");
  const ahead = at - world.clock.ms();
  if (ahead < SCHEDULE_MIN_MS || ahead > SCHEDULE_MAX_MS) {
    throw badRequest(35114, 'SendAt must be between 15 minutes and 35 days from now');
  }
  return at;
}
