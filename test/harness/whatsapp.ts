import type { Customer } from './customer.js';
import { FRONT_DESK, type House } from './house.js';

export const TEMPLATE = `HX${'a1'.repeat(16)}`;

/** One person with WhatsApp and text messages on the same number, who writes to our one number. */
export function person(house: House): { whatsapp: Customer; sms: Customer; number: string } {
  const sms = house.customer();
  return { sms, whatsapp: house.customer(`whatsapp:${sms.address}`, `whatsapp:${FRONT_DESK}`), number: sms.address };
}

/** The tenant has an approved template that carries a reply. */
export async function hasTemplate(house: House): Promise<void> {
  house.twilio.addContent({ sid: TEMPLATE, body: 'Hi {{1}}, here is our answer: {{2}} Write to us to go on.', buttons: ['Go on'] });
  await house.api('/tenant', { method: 'PATCH', body: { settings: { whatsapp: { reopenTemplate: { contentSid: TEMPLATE, variables: { 1: 'firstName', 2: 'reply' } } } } } });
}

/** Dana writes to the customer through the API. */
export async function danaWrites(house: House, customer: Customer, body: string): Promise<void> {
  const { conversationSid } = await house.thread.conversation(customer);
  await house.api(`/conversations/${conversationSid}/messages`, { method: 'POST', body: { body, staff: 'Dana' } });
}

/** Texts that WhatsApp refused because they came too late. */
export const refusedAsLate = (house: House, customer: Customer): unknown[] =>
  house.twilio.phone(customer.address).messages.filter(({ errorCode }) => errorCode === 63_016);
