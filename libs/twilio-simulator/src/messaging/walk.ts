import type { Account, Button, Media, Message, MessageStatus } from '../entities.js';
import { newSid } from '../sids.js';
import type { HookParams } from '../signature.js';
import { dlrDate } from '../wire.js';
import type { World } from '../world.js';
import { parseAddress } from './address.js';
import { errorText } from './error-texts.js';
import { fetchMedia, hasToFetch } from './fetching.js';
import { canRcs, phoneAt } from './phones.js';
import { segmentsOf } from './segments.js';
import { pickSender, rcsSenderOf } from './senders.js';

export interface Draft {
  account: Account;
  direction: 'outbound-api' | 'outbound-reply';
  /** Null: the Messaging Service chooses. */
  from: string | null;
  to: string;
  body: string;
  mediaUrls: string[];
  buttons?: Button[] | undefined;
  messagingServiceSid: string | null;
  fallbackFrom?: string | null | undefined;
  rich?: Message['rich'];
  statusCallback: string | null;
  /** Why Twilio will not pass it on although it has accepted it. */
  blockedBy?: number | undefined;
  sendAt?: number | undefined;
  receiptSid?: string | undefined;
  listed?: boolean | undefined;
}

/** Accepts a message and starts it on its way; the way is the one the recipient's phone was told to take. */
export function startMessage(world: World, draft: Draft): Message {
  const now = world.clock.ms();
  const phone = phoneAt(world, draft.to);
  const start: MessageStatus = draft.sendAt !== undefined ? 'scheduled' : draft.from === null ? 'accepted' : 'queued';
  const media = draft.mediaUrls.map(mediaOf);
  const message = world.store.messages.save({
    sid: newSid(media.length > 0 ? 'MM' : 'SM'), accountSid: draft.account.sid, createdAt: now, updatedAt: now,
    direction: draft.direction, from: draft.from, to: draft.to, body: draft.body, text: draft.body, media,
    ...(draft.buttons && draft.buttons.length > 0 ? { buttons: draft.buttons } : {}),
    numSegments: draft.from === null ? 0 : segmentsOf(draft.body).segments, status: start, errorCode: null,
    messagingServiceSid: draft.messagingServiceSid, statusCallback: draft.statusCallback, sentAt: null, fallbackFrom: draft.fallbackFrom ?? null,
    ...(draft.rich ? { rich: draft.rich } : {}), ...planOf(phone.outcome, draft, start), dueAt: draft.sendAt ?? now + world.switches.values.stepMs,
    listed: draft.listed ?? true, receiptSid: draft.receiptSid ?? null,
  });
  world.feed.emit('message', message);
  schedule(world, message);
  return message;
}

/** Takes up the walks that the last run did not finish. */
export function resumeWalks(world: World): void {
  for (const message of world.store.messages.all()) if (message.walk.length > 0) schedule(world, message);
}

export function mediaOf(url: string): Media {
  const inline = /^data:([\w.+/-]+)[;,]/.exec(url);
  if (inline) return { sid: newSid('ME'), url, contentType: inline[1]! };
  const extension = /\.(\w+)(?:[?#].*)?$/.exec(url)?.[1]?.toLowerCase() ?? '';
  const types: Record<string, string> = {
    jpg: 'image/jpeg', jpeg: 'image/jpeg', png: 'image/png', gif: 'image/gif', pdf: 'application/pdf', mp4: 'video/mp4',
    ogg: 'audio/ogg', mp3: 'audio/mpeg',
  };
  return { sid: newSid('ME'), url, contentType: types[extension] ?? 'image/jpeg' };
}

type Plan = Pick<Message, 'walk' | 'failureCode' | 'quiet'>;

function planOf(outcome: string, draft: Pick<Draft, 'blockedBy' | 'to'>, start: MessageStatus): Plan {
  const [kind, detail] = outcome.split(':') as [string, string | undefined];
  const code = draft.blockedBy ?? (kind === 'undelivered' || kind === 'failed' || kind === 'rejected' ? Number(detail) : null);
  const before: MessageStatus[] = start === 'scheduled' ? ['accepted', 'queued'] : start === 'accepted' ? ['queued'] : [];
  const failed = draft.blockedBy !== undefined || kind === 'failed' || kind === 'rejected';
  const after: MessageStatus[] = failed ? ['failed'] : ['sending', 'sent', ...endOf(kind, detail, draft.to)];
  const walk = kind === 'silent' && detail === 'queued' && !failed ? before : [...before, ...after];
  return { walk, failureCode: code, quiet: kind === 'silent' && !failed };
}

function endOf(kind: string, detail: string | undefined, to: string): MessageStatus[] {
  if (kind === 'undelivered') return ['undelivered'];
  if (kind === 'silent') return detail === 'delivered' ? ['delivered'] : [];
  // Read receipts exist on WhatsApp and RCS only: an SMS ends with `delivered` (facts C.7).
  return kind === 'read' && parseAddress(to).channel !== 'sms' ? ['delivered', 'read'] : ['delivered'];
}

function schedule(world: World, message: Message): void {
  world.scheduler.at(
    message.dueAt ?? world.clock.ms(), message.status === 'scheduled' ? 'later' : 'walk',
    (at) => step(world, message.sid, at),
  );
}

function step(world: World, sid: string, at: number): void {
  const message = world.store.messages.get(sid);
  if (message?.walk[0] === 'sending' && hasToFetch(message)) {
    world.webhooks.track(fetchFirst(world, message));
    return;
  }
  const status = message?.walk.shift();
  if (!message || !status) return;
  message.status = status;
  message.updatedAt = at;
  if (status === 'queued' && message.from === null) chooseSender(world, message);
  if (status === 'sent') message.sentAt = at;
  if (status === 'failed' || status === 'undelivered') message.errorCode = message.failureCode;
  message.dueAt = message.walk.length > 0 ? at + world.switches.values.stepMs : null;
  world.store.messages.save(message);
  announce(world, message, at);
  if (message.walk.length > 0) schedule(world, message);
}

/** Without all of its files a message does not leave. */
async function fetchFirst(world: World, message: Message): Promise<void> {
  const error = await fetchMedia(message).catch(() => 11200);
  if (error !== null) Object.assign(message, { walk: ['failed'], failureCode: error });
  message.dueAt = world.clock.ms();
  world.store.messages.save(message);
  schedule(world, message);
}

function chooseSender(world: World, message: Message): void {
  const service = message.messagingServiceSid ?? '';
  const rcs = parseAddress(message.to).channel === 'sms' && message.walk[0] !== 'failed' ? rcsSenderOf(world, service) : undefined;
  if (rcs && canRcs(world, message.to)) goByRcs(world, message, rcs);
  else message.from = message.fallbackFrom ?? pickSender(world, service, message.to) ?? null;
  message.numSegments = segmentsOf(message.text).segments;
}

/** A Messaging Service with an RCS sender tries that first, and writes down both addresses as what they are there (facts D.2). */
function goByRcs(world: World, message: Message, sender: string): void {
  message.from = sender;
  message.to = `rcs:${message.to}`;
  if (message.rich) Object.assign(message, { body: message.rich.body, text: message.rich.body, buttons: message.rich.buttons });
  Object.assign(message, planOf(phoneAt(world, message.to).outcome, message, 'queued'));
}

/** Tells the feed, the conversations and, unless the phone is silent, whoever gave a StatusCallback. */
export function announce(world: World, message: Message, at: number): void {
  world.feed.emit('status', message);
  for (const listener of world.statusListeners) listener(message, at);
  if (message.quiet || !message.statusCallback) return;
  world.webhooks.send({
    accountSid: message.accountSid, event: 'status', family: 'messaging', method: 'POST', url: message.statusCallback,
    params: callbackParams(message, at), chain: message.sid,
  });
}

function callbackParams(message: Message, at: number): HookParams {
  const { channel } = parseAddress(message.to);
  const ended = message.status === 'delivered' || message.status === 'undelivered';
  return {
    ApiVersion: '2010-04-01', AccountSid: message.accountSid, MessageSid: message.sid, SmsSid: message.sid,
    MessageStatus: message.status, SmsStatus: message.status, To: message.to,
    ...(message.from === null ? {} : { From: message.from }),
    ...(message.messagingServiceSid === null ? {} : { MessagingServiceSid: message.messagingServiceSid }),
    ...(message.errorCode === null ? {} : {
      ErrorCode: String(message.errorCode), ErrorMessage: errorText(message.errorCode),
    }),
    ...(channel === 'sms' && ended ? { RawDlrDoneDate: dlrDate(at) } : {}),
    ...(channel === 'sms' ? {} : {
      ChannelPrefix: channel, ...(message.status === 'read' ? { EventType: 'READ' } : {}),
    }),
  };
}
