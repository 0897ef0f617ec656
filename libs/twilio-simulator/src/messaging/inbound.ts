import { takeIn } from '../conversations/intake.js';
import type { HookMethod, Message, OwnNumber, PendingHook } from '../entities.js';
import type { Answered } from '../post.js';
import { newSid } from '../sids.js';
import type { World } from '../world.js';
import { parseAddress } from './address.js';
import { inboundParams } from './inbound-params.js';
import { applyKeyword, isOptedOut, keywordOf, scopeOf, type Keyword } from './opt-out.js';
import { phoneAt } from './phones.js';
import { segmentsOf } from './segments.js';
import { ownSender } from './senders.js';
import { readTwiml, type TwimlMessage } from './twiml.js';
import { mediaOf, startMessage } from './walk.js';

export interface InboundText {
  from: string;
  to: string;
  /** Left out of a message that is only media. */
  body?: string | undefined;
  mediaUrls?: string[] | undefined;
  /** As Advanced Opt-Out reports it; set by itself where the switch is on and the body is a keyword. */
  optOutType?: Keyword | undefined;
  /** More parameters of the webhook: ButtonPayload, Latitude, ProfileName and the like. */
  params?: Record<string, string> | undefined;
}

type Text = InboundText & { body: string };

/** Somebody taps a button below a message on their phone. */
export function tap(world: World, messageSid: string, button: string): Message {
  const message = world.store.messages.get(messageSid);
  const tapped = message?.buttons?.find(({ text, payload }) => text === button || payload === button);
  if (!message || message.from === null || !tapped) throw new RangeError(`There is no button "${button}" below ${messageSid}`);
  return receiveText(world, {
    from: message.to, to: message.from, body: tapped.text,
    params: {
      ...(tapped.isItem ? { MessageType: 'interactive', ListTitle: tapped.text, ListId: tapped.payload } : { MessageType: 'button', ButtonText: tapped.text, ButtonPayload: tapped.payload }),
      OriginalRepliedMessageSid: message.sid, OriginalRepliedMessageSender: message.from,
    },
  });
}

/** Somebody's phone texts one of our numbers. */
export function receiveText(world: World, inbound: InboundText): Message {
  const text = { ...inbound, body: inbound.body ?? '' };
  const number = ownSender(world, text.to);
  if (!number) throw new RangeError(`${text.to} is not one of our numbers; POST /_control/numbers adds it`);
  if (parseAddress(text.from).channel !== parseAddress(text.to).channel) {
    throw new RangeError(`${text.from} cannot text ${text.to}: these are two channels`);
  }
  phoneAt(world, text.from);
  const door = doorOf(world, number);
  const message = record(world, number, text, door !== 'closed');
  const keyword = keywordOf(text.body);
  const answer = keyword && applyKeyword(world, keyword, text.from, number);
  if (answer) answerKeyword(world, number, text, answer);
  world.webhooks.track(route(world, { number, message, door, params: paramsOf(world, message, text, keyword) }));
  return message;
}

interface Door {
  url: string;
  method: HookMethod;
  fallbackUrl: string;
  fallbackMethod: HookMethod;
}

/**
 * Where an inbound message goes: a Messaging Service's own URL, unless it defers to the number. A service that
 * has neither swallows the message: it is not even recorded (OpenAPI of InboundRequestUrl).
 */
function doorOf(world: World, number: OwnNumber): Door | 'closed' {
  const service = number.messagingServiceSid === null ? undefined : world.store.messagingServices.get(number.messagingServiceSid);
  if (!service || service.useInboundWebhookOnNumber) {
    return {
      url: number.smsUrl, method: number.smsMethod, fallbackUrl: number.smsFallbackUrl,
      fallbackMethod: number.smsFallbackMethod,
    };
  }
  if (service.inboundRequestUrl === null) return 'closed';
  return {
    url: service.inboundRequestUrl, method: service.inboundMethod, fallbackUrl: service.fallbackUrl ?? '',
    fallbackMethod: service.fallbackMethod,
  };
}

function record(world: World, number: OwnNumber, text: Text, listed: boolean): Message {
  const now = world.clock.ms();
  const media = (text.mediaUrls ?? []).map(mediaOf);
  const message = world.store.messages.save({
    sid: newSid(media.length > 0 ? 'MM' : 'SM'), accountSid: number.accountSid, createdAt: now, updatedAt: now,
    direction: 'inbound', from: text.from, to: text.to, body: text.body, text: text.body, media,
    numSegments: segmentsOf(text.body).segments, status: 'received', errorCode: null,
    messagingServiceSid: number.messagingServiceSid, statusCallback: null, sentAt: now, walk: [], dueAt: null,
    failureCode: null, quiet: false, listed, receiptSid: null,
  });
  world.feed.emit('message', message);
  return message;
}

function paramsOf(
  world: World, message: Message, text: Text, keyword: Keyword | undefined,
): Record<string, string> {
  const optOutType = text.optOutType ?? (world.switches.values.advancedOptOut ? keyword : undefined);
  return {
    ...inboundParams(world, message), ...(optOutType === undefined ? {} : { OptOutType: optOutType }), ...text.params,
  };
}

/** The conversation first, then the number's own webhook, where the two do not exclude each other (facts B.5). */
async function route(world: World, inbound: {
  number: OwnNumber; message: Message; door: Door | 'closed'; params: Record<string, string>,
}): Promise<void> {
  const taken = await takeIn(world, inbound.message, inbound.number);
  const { classicDuplicate, autocreateAlsoClassic } = world.switches.values;
  const { door } = inbound;
  if (taken === 'dropped' || (taken === 'bound' && !classicDuplicate) || (taken === 'created' && !autocreateAlsoClassic)) return;
  if (door === 'closed' || door.url === '') return;
  world.webhooks.send({
    accountSid: inbound.number.accountSid, event: 'messaging', family: 'messaging', method: door.method, url: door.url,
    params: inbound.params, chain: null, messageSid: inbound.message.sid, fallbackUrl: door.fallbackUrl || null,
    fallbackMethod: door.fallbackMethod,
  });
}

/** The network's own answer to STOP, START and HELP: it reaches the phone, but is no message of ours. */
function answerKeyword(world: World, number: OwnNumber, text: Text, body: string): void {
  const account = world.accounts.get(number.accountSid);
  if (!account) return;
  startMessage(world, {
    account, direction: 'outbound-reply', from: text.to, to: text.from, body, mediaUrls: [], messagingServiceSid: null,
    statusCallback: null, listed: false,
  });
}

/** Carries out the TwiML that a messaging webhook was answered with. */
export function carryOut(world: World, hook: PendingHook, answered: Answered): void {
  const inbound = hook.event === 'messaging' && hook.messageSid ? world.store.messages.get(hook.messageSid) : undefined;
  if (!inbound) return;
  try {
    const twiml = readTwiml(answered.body, answered.contentType);
    for (const reply of twiml.messages) sendReply(world, inbound, hook.url, reply);
    if (twiml.redirect !== undefined) world.webhooks.send({
      ...hook, url: new URL(twiml.redirect, hook.url).toString(),
    });
  } catch (error) {
    const entry = world.webhooks.log.since(0).findLast((one) => one.token === hook.token);
    if (entry) entry.error = error instanceof Error ? error.message : String(error);
  }
}

function sendReply(world: World, inbound: Message, base: string, reply: TwimlMessage): void {
  const account = world.accounts.get(inbound.accountSid);
  if (!account || (reply.body === '' && reply.mediaUrls.length === 0)) return;
  startMessage(world, {
    account, direction: 'outbound-reply', from: reply.from ?? inbound.to, to: reply.to ?? inbound.from ?? '',
    body: reply.body, mediaUrls: reply.mediaUrls, messagingServiceSid: inbound.messagingServiceSid,
    statusCallback: reply.statusCallback === undefined ? null : new URL(reply.statusCallback, base).toString(),
    blockedBy: keywordBlock(world, inbound),
  });
}

/** A reply to somebody who has just opted out is accepted and then fails. */
function keywordBlock(world: World, inbound: Message): number | undefined {
  const number = ownSender(world, inbound.to);
  const optedOut = number && isOptedOut(world, inbound.accountSid, inbound.from ?? '', scopeOf(number));
  return optedOut ? 21610 : undefined;
}

/** A message to another of our own numbers arrives there like any text. */
export function arriveAtOwnNumber(world: World, message: Message): void {
  if (message.status !== 'delivered' || message.from === null || !ownSender(world, message.to)) return;
  if (parseAddress(message.to).channel === 'sms') receiveText(world, {
    from: message.from, to: message.to, body: message.text,
  });
}
