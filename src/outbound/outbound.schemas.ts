import { z } from 'zod';
import { purposes } from '../contacts/contacts.types.js';
import { instant, pageQuery, pageSchema } from '../tenancy/tenancy.types.js';
import { machineWishes, type OutboundCall, outboundStates } from './outbound.types.js';

const id = z.string().meta({ format: 'uuid', examples: ['01991c2e-8f00-7c11-9a5e-2f4b6c8d0e1f'] });
const conversationSid = z.string().meta({ examples: ['CH0123456789abcdef0123456789abcdef'] });
const number = z.string().regex(/^\+[1-9]\d{6,14}$/, 'expected a number such as +15551230001').meta({ examples: ['+15551230001'] });
const words = (longest: number): z.ZodString => z.string().trim().min(1).max(longest);
const time = z.iso.datetime({ offset: true }).transform((text) => new Date(text));
const state = z.enum(outboundStates).meta({
  description: 'leaving: a machine is about to get the message; reached: somebody was spoken to; machine: a machine answered and got none; refused: by a rule of ours; failed: by Twilio or a carrier; ' +
    'expired: it could not be begun in time',
});
const purpose = words(300).meta({ description: 'What it is about. Said first, behind "I am calling about"', examples: ['your appointment tomorrow at ten'] });
const kind = z.enum(purposes).meta({ description: 'What the person must have agreed to, for calls. alerts also come in quiet hours' });
const whenMachine = z.enum(machineWishes).meta({ description: 'hang_up, or leave_message after the beep; talk: it is not looked for a machine, which costs nothing extra' });

const afterMinutes = z.int().min(1).max(1_440);

export const callRequestSchema = z
  .strictObject({
    conversationSid: conversationSid.optional(), contactId: z.uuid().optional(),
    address: number.optional().meta({ description: 'A number that is theirs for sure; without it any such number of the person' }),
    from: number.optional().meta({ description: 'One of our numbers' }),
    purpose, background: words(1_000).optional().meta({ description: 'What the assistant is to know besides; not read out' }),
    kind: kind.default('service'), whenMachine: whenMachine.default('hang_up'),
    message: words(500).optional().meta({ description: 'What a machine is told, word for word' }),
    earliest: time.optional().meta({ description: 'Now without it; 30 days ahead at most' }), latest: time.optional().meta({ description: 'Not begun after that; a day after `earliest` without it, 30 days after it at most' }),
    again: z.strictObject({ times: z.int().min(1).max(5), afterMinutes }).optional().meta({ description: 'Whether it is tried again after a busy line or no answer' }),
  })
  .superRefine((asked, context) => {
    const named = [asked.conversationSid, asked.contactId, asked.address].filter((each) => each !== undefined).length;
    if (named !== 1) context.addIssue({ code: 'custom', path: ['contactId'], message: 'name the person once: conversationSid, contactId or address' });
    if ((asked.whenMachine === 'leave_message') !== (asked.message !== undefined)) {
      context.addIssue({ code: 'custom', path: ['message'], message: 'a message is for whenMachine: leave_message, and needed there' });
    }
  })
  .meta({ id: 'CallRequest', examples: [{ contactId: '01991c2e-8f00-7c11-9a5e-2f4b6c8d0e1f', purpose: 'your appointment tomorrow at ten', whenMachine: 'hang_up' }] });
export type CallRequestBody = z.output<typeof callRequestSchema>;

export const callsQuery = pageQuery().extend({ conversationSid: conversationSid.optional(), state: state.optional() });
export type CallsQuery = z.output<typeof callsQuery>;

export const outboundCallSchema = z
  .object({
    id, contactId: id, conversationSid, address: z.string().meta({ examples: ['+15551230001'] }), sender: z.string().meta({ description: 'Our number', examples: ['+15550100001'] }),
    purpose: z.string(), background: z.string().nullable(), kind, whenMachine, message: z.string().nullable(),
    requestedBy: z.enum(['api', 'assistant']).meta({ description: 'assistant: the person asked for it in the conversation' }),
    state, cause: z.string().nullable().meta({ description: 'Why it stands there, or what it waits for, in words' }),
    errorCode: z.int().nullable().meta({ description: "Twilio's error number, or a SIP code", examples: [21_215] }),
    answeredBy: z.string().nullable().meta({ description: 'Who has answered, as Twilio heard it', examples: ['human'] }),
    tries: z.int(), callSid: z.string().nullable().meta({ description: "Twilio's id of the last try", examples: ['CA0123456789abcdef0123456789abcdef'] }),
    nextAt: instant.nullable().meta({ description: 'While it waits: not before then' }), latest: instant, createdAt: instant, updatedAt: instant,
  })
  .meta({ id: 'OutboundCall', description: 'A call that we make. What is said in it is in the thread.' });
export const outboundCallsSchema = pageSchema(outboundCallSchema).meta({ id: 'OutboundCalls' });

export const shownCall = (call: OutboundCall): z.input<typeof outboundCallSchema> => ({ ...call, nextAt: call.state === 'waiting' ? call.nextAt : null });
