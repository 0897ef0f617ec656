import { type HookParams, signForm } from '@throughline/twilio-simulator/signature.js';
import type { House } from './house.js';

/** A webhook as it goes over the wire; the simulator's log has them in this shape too. */
export interface Webhook {
  url: string;
  params: HookParams;
  signature: string | null;
}

/** A webhook to our house, signed as Twilio would with this token. */
export function signed(house: House, path: string, params: HookParams, token = house.account.authToken): Webhook {
  const url = `${house.url}${path}`;
  return { url, params, signature: signForm(token, url, params) };
}

/** @returns the status of the answer */
export async function post({ url, params, signature }: Webhook): Promise<number> {
  const body = new URLSearchParams(Object.entries(params).flatMap(([name, value]) => [value].flat().map((one): [string, string] => [name, one])));
  const answer = await fetch(url, { method: 'POST', body, headers: signature === null ? {} : { 'X-Twilio-Signature': signature } });
  await answer.arrayBuffer();
  return answer.status;
}

/** The parameters of somebody's text, as far as the house needs them. */
export function textFrom(house: House, from: string, to: string, body: string, messageSid: string): HookParams {
  return { MessageSid: messageSid, AccountSid: house.account.sid, From: from, To: to, Body: body, NumMedia: '0' };
}
