import { z } from 'zod';
import { instant, pageQuery, pageSchema } from '../tenancy/tenancy.types.js';
import { deliveryStates } from './delivery.types.js';

const id = z.string().meta({ format: 'uuid', examples: ['01991c2e-8f00-7c11-9a5e-2f4b6c8d0e1f'] });
const conversationSid = z.string().meta({ examples: ['CH0123456789abcdef0123456789abcdef'] });
const state = z.enum(deliveryStates).meta({ description: 'unknown: nobody can tell whether it went out; a person has to look' });

export const deliveriesQuery = pageQuery().extend({ conversationSid: conversationSid.optional(), state: state.optional() });
export type DeliveriesQuery = z.output<typeof deliveriesQuery>;

export const deliverySchema = z
  .object({
    id, messageId: id, conversationSid,
    part: z.int().meta({ description: 'A long message is sent in several parts, counted from 1', examples: [1] }), parts: z.int().meta({ examples: [1] }),
    channel: z.string().meta({ examples: ['sms'] }),
    sender: z.string().meta({ description: 'Our address', examples: ['+15550100001'] }),
    address: z.string().meta({ description: "The customer's address", examples: ['+15551230001'] }),
    files: z.array(z.int()).meta({ description: "Which of the message's attachments go with it, by their positions", examples: [[0]] }),
    contentSid: z.string().nullable().meta({ description: 'The WhatsApp template that carries it; null: it goes as text' }),
    detour: z.string().nullable().meta({ description: 'Why it goes another way than its message was addressed; null when it does not' }),
    state, attempt: z.int().meta({ description: 'How often it was tried', examples: [1] }),
    heldUntil: instant.nullable().meta({ description: 'It waited, or waits, for the end of the quiet hours of the person' }),
    errorCode: z.int().nullable().meta({ description: "Twilio's error number", examples: [30_003] }),
    errorMeaning: z.string().nullable(),
    providerSid: z.string().nullable().meta({ description: "Twilio's id of the message" }),
    segments: z.int().nullable().meta({ description: 'SMS segments; 1 on other channels', examples: [1] }),
    sentAt: instant.nullable(), createdAt: instant, updatedAt: instant,
  })
  .meta({ id: 'Delivery', description: 'One text on its way to one address. What it says is in the message.' });
export const deliveriesSchema = pageSchema(deliverySchema).meta({ id: 'Deliveries' });
