import type { Message } from '../entities.js';
import type { World } from '../world.js';
import { parseAddress } from './address.js';

/** Parameters of the webhook of an inbound message (facts D.3). The three sids are deprecated twins of one. */
export function inboundParams(world: World, message: Message): Record<string, string> {
  const from = message.from ?? '';
  const { channel, bare } = parseAddress(from);
  return {
    MessageSid: message.sid,
    SmsSid: message.sid,
    SmsMessageSid: message.sid,
    AccountSid: message.accountSid,
    ...(message.messagingServiceSid === null ? {} : { MessagingServiceSid: message.messagingServiceSid }),
    From: from,
    To: message.to,
    Body: message.text,
    NumMedia: String(message.media.length),
    NumSegments: String(message.numSegments),
    SmsStatus: 'received',
    ApiVersion: '2010-04-01',
    ...mediaParams(message),
    ...(channel === 'sms' ? { ...geography('From', from), ...geography('To', message.to) } : {}),
    ...(channel === 'whatsapp' ? profile(world, message, bare) : {}),
  };
}

/** By Twilio's own name, as Twilio gives them out; whoever redirects REST calls here redirects these too. */
function mediaParams(message: Message): Record<string, string> {
  const base = `https://api.twilio.com/2010-04-01/Accounts/${message.accountSid}/Messages/${message.sid}/Media`;
  return Object.fromEntries(message.media.flatMap((one, index) => [
    [`MediaUrl${index}`, `${base}/${one.sid}`],
    [`MediaContentType${index}`, one.contentType],
  ]));
}

/** Twilio names the place of a North American number where it knows it; mostly the fields are there and empty. */
function geography(side: 'From' | 'To', address: string): Record<string, string> {
  return {
    [`${side}City`]: '', [`${side}State`]: '', [`${side}Zip`]: '',
    [`${side}Country`]: address.startsWith('+1') ? 'US' : '',
  };
}

/** Somebody with a user name may be known by an id in the place of the number; then there is no WaId to tell. */
const profile = (world: World, message: Message, number: string): Record<string, string> => ({
  ...(number.startsWith('+') ? { WaId: number.slice(1) } : { ExternalUserId: message.from ?? '' }),
  ProfileName: world.store.phones.get(message.from ?? '')?.name ?? number,
  MessageType: message.media.length > 0 ? 'image' : 'text',
});
