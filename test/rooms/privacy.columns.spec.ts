import { afterAll, beforeAll, expect, test } from '@jest/globals';
import { uuidv7 } from '@throughline/kernel/ids.js';
import { tables } from '../../src/privacy/tables.policy.js';
import { PrivacyRoom } from './privacy.room.js';

const [MARK, ADDRESS, SENDER] = ['the mark of a person', '+15557771234', '+15550000002'];
/** What stays of a row that stays: ids, states, names of ours. Every other column with words in it is emptied. */
const STAYS: Record<string, string[]> = {
  callbacks: ['conversation_sid', 'taker', 'taker_phone', 'taker_call_sid', 'lost_call_sids', 'press_key', 'sender', 'person_call_sid', 'state'],
  calls: ['call_sid', 'conversation_sid', 'direction', 'sender', 'state', 'engine', 'next'],
  conversations: ['conversation_sid', 'owner', 'staff'],
  deliveries: ['conversation_sid', 'channel', 'sender', 'messaging_service_sid', 'state', 'provider_sid', 'retired_sids', 'content_sid', 'fallback_sender'],
  inbox: ['provider_sid'],
  incidents: ['conversation_sid', 'steps', 'code', 'fingerprint', 'state', 'acknowledged_by', 'acknowledged_via'],
  media_files: ['conversation_sid', 'state', 'storage_key'],
  media_uploads: ['conversation_sid', 'state', 'storage_key'],
  merges: ['address_ids', 'staff', 'undone_by'],
  messages: ['conversation_sid', 'direction', 'author_kind', 'channel', 'sender', 'status', 'provider_sid', 'mirror_state', 'mirror_sid', 'purpose'],
  outbound_calls: ['conversation_sid', 'sender', 'kind', 'when_machine', 'requested_by', 'state', 'answered_by', 'call_sid'],
  tool_calls: ['conversation_sid', 'call_id', 'tool', 'outcome'],
  transfers: ['call_sid', 'conversation_sid', 'style', 'mode', 'state', 'outcome'],
  transitions: ['conversation_sid', 'machine', 'entity_id', 'from_state', 'to_state'],
  turns: ['conversation_sid', 'state', 'model'],
  verdicts: ['conversation_sid', 'judge', 'model', 'prompt_version'],
  voicemails: ['recording_sid', 'call_sid', 'conversation_sid', 'state'],
};
/** Rows of these go altogether, so what has to be right in them for that is not marked. */
const GO: Record<string, string[]> = {
  addresses: ['channel', 'address', 'trust'], citations: ['conversation_sid'], facts: ['conversation_sid', 'channel', 'sensitivity'],
  participants: ['conversation_sid', 'channel'], summaries: ['conversation_sid'], visitor_uploads: ['address'], whatsapp_windows: ['sender', 'address'], withheld: ['conversation_sid'],
};
/** Kept under a digest, what an erasure notes for itself, visitors by whose ids they are found: each has tests of its own. */
const APART = ['consents', 'erasure_copies', 'erasure_needles', 'visitors'];
/** Nothing in them but what has to be right. */
const UNMARKED = ['whatsapp_windows', 'withheld'];
const ALLOWED: Record<string, string> = {
  'turns.state': 'said', 'tool_calls.outcome': 'done', 'facts.sensitivity': 'personal', 'deliveries.state': 'sent', 'deliveries.channel': 'sms', 'facts.channel': 'sms', 'callbacks.state': 'over', 'calls.state': 'ended', 'calls.direction': 'inbound', 'voicemails.state': 'recorded',
  'incidents.state': 'armed', 'verdicts.judge': 'words', 'outbound_calls.when_machine': 'talk', 'outbound_calls.requested_by': 'api', 'outbound_calls.state': 'reached', 'transfers.state': 'returned', 'transfers.style': 'hold', 'transfers.mode': 'in_order',
};

let room: PrivacyRoom;
beforeAll(async () => {
  room = await PrivacyRoom.open();
});
afterAll(() => room.close());

interface Column {
  table: string;
  name: string;
  type: string;
  needed: boolean;
}

test('of every column with words in it, only ids, states and names of ours stay', async () => {
  const contactId = await room.writes('Hello', { channel: 'whatsapp', address: ADDRESS, sender: SENDER, media: [{ url: 'https://api.twilio.com/x', contentType: 'image/gif' }] });
  const other = await room.writes('Hello from somebody else');
  const [{ sid }] = (await room.fresh.query('select conversation_sid as sid from conversations where contact_id = $1', [contactId])) as [{ sid: string }];
  const [{ message }] = (await room.fresh.query('select id as message from messages where conversation_sid = $1', [sid])) as [{ message: string }];
  const columns = await room.fresh.query<Column>(
    `select table_name as table, column_name as name, udt_name as type, is_nullable = 'NO' and column_default is null as needed
     from information_schema.columns where table_schema = 'public' and is_generated = 'NEVER'`,
  );
  const known: Record<string, string> = {
    tenant_id: room.tenant.id, conversation_sid: sid, contact_id: contactId, surviving_id: contactId, absorbed_id: other, message_id: message, source_message_id: message, address: ADDRESS,
  };
  const literal = ({ table, name, type }: Column): string => {
    const values: Record<string, string> = {
      uuid: known[name] ?? uuidv7(Math.floor(Math.random() * 1e9)), text: known[name] ?? ALLOWED[`${table}.${name}`] ?? 'x', timestamptz: room.clock.now().toISOString(), int4: '7',
      float4: '1', bool: 'false', jsonb: '{}', _text: '{}',
    };
    return `'${values[type]}'`;
  };
  const statements: string[] = [];
  for (const table of Object.keys(tables).filter((name) => tables[name] === 'person' && !APART.includes(name))) {
    const own = columns.filter((column) => column.table === table);
    const of = own.find(({ name }) => name === 'conversation_sid') ?? own.find(({ name }) => ['contact_id', 'surviving_id'].includes(name));
    const where = table === 'contacts' ? `id = '${contactId}'` : of ? `${of.name} = '${known[of.name]}'` : 'true';
    if ((await room.fresh.query(`select 1 from ${table} where ${where}`)).length === 0) {
      const needed = own.filter(({ name, needed: isNeeded }) => isNeeded || name === of?.name);
      statements.push(`insert into ${table} (${needed.map(({ name }) => name).join(', ')}) values (${needed.map(literal).join(', ')})`);
    }
    for (const { name, type } of own.filter((column) => ['text', 'jsonb', '_text'].includes(column.type))) {
      if (STAYS[table]?.includes(name) || GO[table]?.includes(name)) continue;
      const words = name === 'media' ? [{ url: MARK, contentType: MARK }] : { words: [MARK], address: ADDRESS };
      const mark = type === 'jsonb' ? `'${JSON.stringify(words)}'` : type === 'text' ? `'${MARK} ${table}.${name}'` : `'{"${MARK}"}'`;
      statements.push(`update ${table} set ${name} = ${mark} where ${where}`);
    }
  }
  await room.fresh.query(`set session_replication_role = replica; ${statements.join('; ')}`);
  expect(await room.tablesWith(MARK)).toEqual(Object.keys(tables).filter((name) => tables[name] === 'person' && !APART.includes(name) && !UNMARKED.includes(name)));
  const report = await room.erases(contactId);
  expect(await room.tablesWith(MARK)).toEqual([]);
  expect(report).toMatchObject({ state: 'done', remains: { left: {} } });
});
