// People who have written before, straight into the tables: 100,000 conversations would take an hour by text.
import { createTwilioClient } from '@throughline/twilio/client.js';
import { NUMBER, phone } from './house.mjs';

/** Conversations at Twilio for the first `count` people, so that what they write can be mirrored. */
export async function openAtTwilio(house, count) {
  const { sid, authToken } = house.account;
  const { conversations } = createTwilioClient({ credentials: { accountSid: sid, authToken }, apiOrigin: house.twilioOrigin }).conversations.v1;
  const opened = [];
  for (let first = 0; first < count; first += 20) {
    const handful = Array.from({ length: Math.min(20, count - first) }, async (_, index) => {
      const conversation = await conversations.create({ friendlyName: phone(first + index) });
      await conversations(conversation.sid).participants.create({ identity: `sms:${phone(first + index)}` });
      return conversation;
    });
    opened.push(...(await Promise.all(handful)));
  }
  return opened;
}

export async function seedPeople(pool, count, messagesEach = 0, atTwilio = []) {
  const [{ id: tenantId }] = (await pool.query('select id from tenants where is_default')).rows;
  const at = new Date(Date.now() - 3_600_000);
  await pool.query(`create temp table people as select n, '+1555' || (1000000 + n) as address, gen_random_uuid() as contact_id,
    coalesce(($2::text[])[n + 1], 'CH' || lpad(to_hex(n), 32, '0')) as sid from generate_series(0, $1::int - 1) n`,
    [count, atTwilio.map((one) => one.sid)]);
  await pool.query(`insert into contacts (id, tenant_id, person_key, created_at) select contact_id, $1, 'tel:' || address, $2 from people`, [tenantId, at]);
  await pool.query(`insert into addresses (id, tenant_id, contact_id, channel, address, trust, created_at)
    select gen_random_uuid(), $1, contact_id, 'sms', address, 'carrier_verified', $2 from people`, [tenantId, at]);
  await pool.query('insert into conversation_tenants (conversation_sid, tenant_id) select sid, $1 from people', [tenantId]);
  await pool.query(`insert into conversations (conversation_sid, tenant_id, contact_id, owner, owner_since, last_activity_at, created_at,
      reply_channel, reply_address, reply_sender, last_seq, last_inbound_seq)
    select sid, $1, contact_id, 'assistant', $2, $2, $2, 'sms', address, $3, $4::int, greatest(0, $4::int - 1) from people`, [tenantId, at, NUMBER, messagesEach]);
  await pool.query(`insert into participants (tenant_id, conversation_sid, identity, channel, address, participant_sid, created_at)
    select $1, sid, 'sms:' || address, 'sms', address, 'MB' || lpad(to_hex(n), 32, '0'), $2 from people`, [tenantId, at]);
  if (messagesEach > 0) {
    await pool.query(`insert into messages (id, tenant_id, conversation_sid, seq, direction, author_kind, author, channel, address, sender, body,
        status, mirror_state, created_at)
      select gen_random_uuid(), $1, sid, s, case when s % 2 = 1 then 'inbound' else 'outbound' end,
        case when s % 2 = 1 then 'contact' else 'assistant' end, case when s % 2 = 1 then 'sms:' || address else 'assistant' end,
        'sms', address, $3, 'A message of some length, as people write them, number ' || s, 'delivered', 'none', $2
      from people, generate_series(1, $4::int) s`, [tenantId, at, NUMBER, messagesEach]);
  }
  if (atTwilio.length > 0) {
    await pool.query(`insert into mirrors (tenant_id, conversation_sid, service_sid) select $1, sid, $2 from unnest($3::text[]) sid`,
      [tenantId, atTwilio[0].chatServiceSid, atTwilio.map((one) => one.sid)]);
  }
  await pool.query('drop table people');
  await pool.query('analyze');
}
