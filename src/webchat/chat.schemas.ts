import { isUuid } from '@throughline/kernel/ids.js';
import { storable } from '@throughline/llm/guardrails.js';
import { z } from 'zod';
import { instant } from '../tenancy/tenancy.types.js';

/** In characters. */
const LONGEST_BODY = 4_000;
const MOST_ATTACHED = 10;
const MOST_NOTED = 100;

const uuid = z.string().transform((text) => text.toLowerCase()).refine(isUuid, 'expected a UUID');
const cursor = z.string().max(32);

export const openingSchema = z.strictObject({ widgetKey: z.string().max(64), refreshToken: z.string().max(200).nullish() });
export type Opening = z.output<typeof openingSchema>;

export const sendingSchema = z
  .strictObject({
    clientId: uuid,
    body: z.string().max(LONGEST_BODY).default('').transform((text) => storable(text).trim()),
    attachments: z.array(uuid).max(MOST_ATTACHED).default([]),
  })
  .refine(({ body, attachments }) => body !== '' || attachments.length > 0, { path: ['body'], message: 'there is nothing in it' });
export type Sending = z.output<typeof sendingSchema>;

export const pageSchema = z.strictObject({ after: cursor.optional(), before: cursor.optional(), limit: z.coerce.number().int().min(1).max(200).default(50) });
export type PageQuery = z.output<typeof pageSchema>;

export const syncSchema = z.strictObject({ after: cursor.nullish() });
export const readSchema = z.strictObject({ upTo: cursor });
export type Reading = z.output<typeof readSchema>;
export const deliveredSchema = z.strictObject({ ids: z.array(uuid).max(MOST_NOTED) });
export const typingSchema = z.strictObject({ on: z.boolean() });
export const renewSchema = z.strictObject({ token: z.string().max(2_000) });

export const staffTypingSchema = z
  .strictObject({ staff: z.string().trim().min(1).max(100).meta({ description: 'The name that the visitor reads', examples: ['Dana'] }), on: z.boolean() })
  .meta({ id: 'StaffTyping' });
export type StaffTyping = z.output<typeof staffTypingSchema>;

const PHONE_MARKS = /[\s()./-]/g;
const name = z.string().max(100).transform((text) => storable(text).replace(/\s+/g, ' ').trim() || null);
const email = z.string().max(254).transform((text) => text.trim().toLowerCase()).pipe(z.email('expected an e-mail address'));
const phone = z.string().max(40).transform((text) => text.replace(PHONE_MARKS, '')).pipe(z.string().regex(/^\+[1-9]\d{6,14}$/, 'expected a number with its country, such as +1 555 123 0001'));

export const leadSchema = z.strictObject({ name: name.nullable(), email: email.nullable(), phone: phone.nullable() }).partial();
export type LeadChange = z.output<typeof leadSchema>;

const codeAddress = z.enum(['phone', 'email']);
export const codeWishSchema = z.strictObject({ address: codeAddress });
export type CodeWish = z.output<typeof codeWishSchema>;
export const codeSchema = z.strictObject({ address: codeAddress, code: z.string().trim().regex(/^\d{4,10}$/, 'expected the digits of the code') });
export type Code = z.output<typeof codeSchema>;

export const uploadSchema = z.strictObject({ name: z.string().max(255).optional().transform((text) => (text && storable(text).replace(/[\\/\n\t]/g, '_').trim()) || null) });
export type UploadQuery = z.output<typeof uploadSchema>;

const claimed = z.string().nullable();
export const shownVisitorSchema = z
  .object({
    visitorId: z.string().meta({ format: 'uuid', description: 'Their address on the channel chat' }), widgetKey: z.string(),
    origin: z.string().meta({ description: 'Where the page is', examples: ['https://www.example.com'] }),
    lead: z
      .object({ name: claimed, email: claimed, phone: claimed, verified: z.array(z.enum(['phone', 'email'])) })
      .meta({ description: 'Who they say they are; `verified` names what a code has shown' }),
    isTyping: z.boolean(), createdAt: instant,
  })
  .meta({ id: 'Visitor' });
