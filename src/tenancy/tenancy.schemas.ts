import { z } from 'zod';
import { instant, pageSchema, tenantSettingsSchema, voiceEngines } from './tenancy.types.js';

const EXAMPLE_ID = '01991c2e-8f00-7c11-9a5e-2f4b6c8d0e1f';
const E164 = /^\+[1-9]\d{6,14}$/;

export const idSchema = z.string().meta({ format: 'uuid', examples: [EXAMPLE_ID] });
const nameSchema = z.string().trim().min(1).max(100).meta({ examples: ['Riverside Clinic'] });

/** The fields of `schema`, each of which may be left out (it stays as it is) or null (back to the default). */
function patchOf(schema: z.ZodObject): z.ZodObject {
  const fields = Object.entries(schema.shape).map(([name, field]) => [name, withoutDefault(field as z.ZodType).nullish()]);
  return z.strictObject(Object.fromEntries(fields) as Record<string, z.ZodType>);
}

function withoutDefault(field: z.ZodType): z.ZodType {
  if (field instanceof z.ZodDefault || field instanceof z.ZodPrefault) return withoutDefault(field.unwrap() as z.ZodType);
  return field instanceof z.ZodObject ? patchOf(field) : field;
}

function isTimeZone(name: string): boolean {
  try {
    return Boolean(new Intl.DateTimeFormat('en', { timeZone: name }));
  } catch {
    return false;
  }
}

const timeZone = z.string().refine(isTimeZone, 'not a time zone such as Europe/Berlin').meta({ examples: ['Europe/Berlin'] });

const settingsPatch = patchOf(tenantSettingsSchema.extend({ timeZone })).meta({
  description: 'Settings to change. What is left out stays as it is; null goes back to the default. Times are in the unit of their name.',
  examples: [{ timeZone: 'Europe/Berlin', assistant: { name: 'Robin' }, quietMs: { sms: 2_000 } }],
});

export const newTenantSchema = z.strictObject({ name: nameSchema, settings: settingsPatch.optional() }).meta({ id: 'NewTenant' });
export const tenantChangeSchema = z.strictObject({ name: nameSchema.optional(), settings: settingsPatch.optional() }).meta({ id: 'TenantChange' });
export type NewTenant = z.output<typeof newTenantSchema>;
export type TenantChange = z.output<typeof tenantChangeSchema>;

export const tenantSchema = z
  .object({
    id: idSchema, name: nameSchema, accountSid: z.string().meta({ description: 'Its Twilio account' }),
    isDefault: z.boolean().meta({ description: 'Numbers not known yet are registered to the default tenant' }),
    settings: tenantSettingsSchema, createdAt: instant,
  })
  .meta({ id: 'Tenant' });
export const tenantsSchema = pageSchema(tenantSchema).meta({ id: 'Tenants' });

export const newTokenSchema = z.strictObject({ name: z.string().trim().min(1).max(100).meta({ examples: ['nightly export'] }) }).meta({ id: 'NewToken' });
export type NewToken = z.output<typeof newTokenSchema>;
export const issuedTokenSchema = z
  .object({ id: idSchema, token: z.string().meta({ description: 'Shown this once; only its hash is kept', examples: ['tl_…'] }) })
  .meta({ id: 'IssuedToken' });

/** Others are made where more than an address has to be said: mailboxes at `/api/v1/mailboxes`. */
const newSenderChannel = z.enum(['sms', 'whatsapp', 'rcs', 'voice']);
const senderChannel = z.enum([...newSenderChannel.options, 'email']);

/** What an address of ours looks like, without the channel's prefix. */
const ADDRESSES: Record<z.output<typeof newSenderChannel>, { pattern: RegExp; hint: string }> = {
  sms: { pattern: /^(\+[1-9]\d{6,14}|\d{3,8}|(?=.*[A-Za-z])[A-Za-z0-9 ]{1,11})$/, hint: 'a number such as +15550100001, a short code or a sender name' },
  whatsapp: { pattern: E164, hint: 'a number such as +15550100001, without whatsapp:' },
  rcs: { pattern: /^[\w.-]{1,100}$/, hint: 'the id of an RCS sender, without rcs:' },
  voice: { pattern: E164, hint: 'a number such as +15550100001' },
};

const rate = z.number().min(0.01).max(1_000).meta({ description: 'SMS segments, or messages on other channels, per second', examples: [1] });
const label = z.string().trim().min(1).max(100);
const engine = z.enum(voiceEngines).meta({ description: 'What speaks to callers; of the channel voice only' });
const messagingServiceSid = z.string().regex(/^MG[0-9a-f]{32}$/, 'expected MG and 32 hexadecimal digits');

export const newSenderSchema = z
  .strictObject({
    channel: newSenderChannel,
    address: z.string().meta({ description: 'Without the prefix of the channel', examples: ['+15550100001'] }),
    label: label.optional(), messagesPerSecond: rate.optional(), messagingServiceSid: messagingServiceSid.optional(),
    engine: engine.optional(),
  })
  .superRefine(({ channel, address, engine: chosen }, context) => {
    if (chosen && channel !== 'voice') context.addIssue({ code: 'custom', path: ['engine'], message: 'only a sender of the channel voice has an engine' });
    const { pattern, hint } = ADDRESSES[channel];
    if (!pattern.test(address)) context.addIssue({ code: 'custom', path: ['address'], message: `expected ${hint}` });
  })
  .meta({ id: 'NewSender' });
export type NewSender = z.output<typeof newSenderSchema>;

export const senderChangeSchema = z
  .strictObject({
    label: label.nullable().optional(), messagesPerSecond: rate.nullable().optional(), messagingServiceSid: messagingServiceSid.nullable().optional(),
    engine: engine.nullable().optional(),
  })
  .meta({ id: 'SenderChange' });
export type SenderChange = z.output<typeof senderChangeSchema>;

export const senderMoveSchema = z.strictObject({ toTenantId: idSchema }).meta({ id: 'SenderMove' });
export type SenderMove = z.output<typeof senderMoveSchema>;

export const senderSchema = z
  .object({
    id: idSchema, channel: senderChannel, address: z.string().meta({ examples: ['+15550100001'] }), label: z.string().nullable(),
    messagesPerSecond: rate.nullable().meta({ description: 'null: the usual rate of the channel' }), messagingServiceSid: z.string().nullable(),
    engine: engine.nullable().meta({ description: 'What speaks to callers; null of all channels but voice' }),
    origin: z.enum(['api', 'webhook', 'seed']).meta({ description: 'How the hub came to know it' }), createdAt: instant,
  })
  .meta({ id: 'Sender' });
export const sendersSchema = pageSchema(senderSchema).meta({ id: 'Senders' });
