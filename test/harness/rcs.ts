import type { Customer } from './customer.js';
import { FRONT_DESK, type House } from './house.js';

/** Of digits, because Twilio's OpenAPI describes every `From` as a phone number. */
export const CLINIC_RCS = 'rcs:15550100009';

/** The clinic has an RCS sender, and its number as a sender of texts. @param inService both in a Messaging Service, which falls back by itself */
export async function hasRcs(house: House, inService = false): Promise<void> {
  const { account: { sid: accountSid, authToken } } = house;
  const smsUrl = `${house.url}/webhooks/twilio/messaging`;
  const service = inService ? await messagingService(house.twilioOrigin, accountSid, authToken) : undefined;
  for (const phoneNumber of [CLINIC_RCS, FRONT_DESK]) await house.twilio.addNumber({ accountSid, phoneNumber, smsUrl, messagingServiceSid: service });
  // It may have registered itself by a text before.
  const { status } = await house.call('/senders', { method: 'POST', body: { channel: 'sms', address: FRONT_DESK } });
  if (status !== 201 && status !== 409) throw new Error(`POST /senders: ${status}`);
}

async function messagingService(origin: string, accountSid: string, authToken: string): Promise<string> {
  const answer = await fetch(`${origin}/v1/Services`, {
    method: 'POST', body: new URLSearchParams({ FriendlyName: 'Clinic', UseInboundWebhookOnNumber: 'true' }),
    headers: { Authorization: `Basic ${Buffer.from(`${accountSid}:${authToken}`).toString('base64')}`, 'X-Twilio-Host': 'messaging.twilio.com' },
  });
  return ((await answer.json()) as { sid: string }).sid;
}

/** One person whose phone has texts and RCS on the same number. */
export function rcsPerson(house: House): { rcs: Customer; sms: Customer; number: string } {
  const sms = house.customer();
  return { sms, rcs: house.customer(`rcs:${sms.address}`, CLINIC_RCS), number: sms.address };
}
