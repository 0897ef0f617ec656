import type { Assistant } from './call.types.js';
import type { VapiControl } from './control.js';
import { Refusal } from './refusal.js';

const E164 = /^\+[1-9]\d{6,14}$/;

/** `POST /call`, for a call that is on the line at Twilio: the answer holds the TwiML that brings it here. */
export async function createCall(control: VapiControl, body: Record<string, unknown>): Promise<object> {
  const fault = control.callFaults.shift();
  if (fault?.kind === 'slow') await new Promise((resolve) => setTimeout(resolve, fault.ms));
  if (fault?.kind === 'fails') throw new Refusal(fault.status, 'Internal server error');
  const { assistant, customer, phoneNumberId, phoneCallProviderBypassEnabled: isBypassed } = body as {
    assistant?: Assistant; customer?: { number?: string }; phoneNumberId?: string; phoneCallProviderBypassEnabled?: boolean;
  };
  const number = control.numbers.find(({ id }) => id === phoneNumberId);
  if (!isBypassed) throw new Refusal(400, 'only calls with phoneCallProviderBypassEnabled are made here');
  if (!number) throw new Refusal(400, 'phoneNumberId must be a number of the organisation');
  if (!E164.test(customer?.number ?? '')) throw new Refusal(400, 'customer.number must be a valid phone number in the E.164 format');
  if (assistant?.model?.provider !== 'custom-llm' || !URL.canParse(assistant.model.url)) throw new Refusal(400, 'assistant.model must be a custom-llm with a url');
  const call = control.open(assistant, { customer: { number: customer!.number! }, phoneNumber: { id: number.id, number: number.number } });
  const url = `${control.origin.replace(/^http/, 'ws')}/stream/${call.id}`;
  const twiml = fault?.kind === 'odd' ? 'Please hold.' : `<?xml version="1.0" encoding="UTF-8"?><Response><Connect><Stream url="${url}"><Parameter name="callId" value="${call.id}"/></Stream></Connect></Response>`;
  return {
    id: call.id, type: 'inboundPhoneCall', status: 'queued', phoneCallProvider: 'twilio', phoneCallProviderDetails: { twiml }, customer, phoneNumberId, monitor: { controlUrl: control.controlUrl(call.id) },
  };
}
