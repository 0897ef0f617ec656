import { rfc2822, rfc2822OrNull } from '../wire.js';
import { secondsBetween } from './params.js';
import type { PhoneCall } from './rows.js';

const PARTS = [
  'events', 'notifications', 'payments', 'recordings', 'siprec', 'streams', 'transcriptions', 'user_defined_messages', 'user_defined_message_subscriptions',
];

/** A call as the 2010 API writes it. */
export function callJson(call: PhoneCall): Record<string, unknown> {
  const path = `/2010-04-01/Accounts/${call.accountSid}/Calls/${call.sid}`;
  return {
    account_sid: call.accountSid,
    answered_by: call.answeredBy,
    api_version: '2010-04-01',
    caller_name: call.callerName,
    date_created: rfc2822(call.createdAt),
    date_updated: rfc2822(call.updatedAt),
    direction: call.direction,
    duration: call.endedAt === null ? null : String(call.answeredAt === null ? 0 : secondsBetween(call.answeredAt, call.endedAt)),
    end_time: rfc2822OrNull(call.endedAt),
    forwarded_from: call.forwardedFrom,
    from: call.from,
    from_formatted: formatted(call.from),
    group_sid: null,
    parent_call_sid: call.parentCallSid,
    phone_number_sid: call.phoneNumberSid,
    price: null,
    price_unit: 'USD',
    queue_time: String(call.queueMs),
    sid: call.sid,
    start_time: rfc2822OrNull(call.startedAt),
    status: call.status,
    subresource_uris: Object.fromEntries(PARTS.map((part) => [part, `${path}/${resource(part)}.json`])),
    to: call.to,
    to_formatted: formatted(call.to),
    trunk_sid: null,
    uri: `${path}.json`,
  };
}

const resource = (part: string): string => part.split('_').map((word) => word[0]!.toUpperCase() + word.slice(1)).join('');

/** As Americans write numbers. */
const formatted = (address: string): string => address.replace(/^\+1(\d{3})(\d{3})(\d{4})$/, '($1) $2-$3');
