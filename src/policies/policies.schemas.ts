import { z } from 'zod';
import { byWhom as by, versionRead as version } from '../staff/staff.types.js';
import { instant, pageSchema } from '../tenancy/tenancy.types.js';
import { alertChannels, dataClasses } from './policies.types.js';

const id = z.string().meta({ format: 'uuid', examples: ['01991c2e-8f00-7c11-9a5e-2f4b6c8d0e1f'] });
const name = z.string().trim().min(1).max(100).meta({ examples: ['Nights'] });
const channel = z.enum(alertChannels);

const target = z
  .discriminatedUnion('kind', [
    z.strictObject({ kind: z.literal('schedule'), scheduleId: z.uuid() }), z.strictObject({ kind: z.literal('staff'), staffId: z.uuid() }), z.strictObject({ kind: z.literal('all') }),
  ])
  .meta({ id: 'Target', description: 'Who is on call in a schedule, one person, or everybody' });

const step = z
  .strictObject({
    targets: z.array(target).min(1).max(20),
    channels: z.array(channel).min(1).max(4).default(['voice', 'sms']).meta({ description: 'Used all at once' }),
    waitSeconds: z.int().min(10).max(86_400).default(120).meta({ description: 'From when it begins until the next one does' }),
  })
  .meta({ id: 'Step' });

const steps = z.array(step).min(1).max(20);
const rounds = z.int().min(1).max(10).meta({ description: 'How often all the steps are gone through' });

const slaSeconds = z.int().min(10).max(86_400).nullable().meta({ description: 'Within which somebody should have taken an incident: reports count those that nobody did. null: as the tenant has it' });

export const newPolicySchema = z.strictObject({ name, steps, rounds: rounds.default(1), slaSeconds: slaSeconds.default(null), by }).meta({ id: 'NewPolicy' });
export type NewPolicyBody = z.output<typeof newPolicySchema>;
export const policyChangeSchema = z.strictObject({ version, name: name.optional(), steps: steps.optional(), rounds: rounds.optional(), slaSeconds: slaSeconds.optional(), by }).meta({ id: 'PolicyChange' });
export type PolicyChangeBody = z.output<typeof policyChangeSchema>;
export const policySchema = z.object({ id, name: z.string(), steps: z.array(step), rounds: z.int(), slaSeconds: z.int().nullable(), version: z.int(), createdAt: instant, changedAt: instant }).meta({ id: 'Policy' });
export const policiesSchema = pageSchema(policySchema).meta({ id: 'Policies' });

const classes = z.array(z.enum(dataClasses)).max(dataClasses.length).transform((list) => dataClasses.filter((each) => list.includes(each)));
const allowed = z
  .strictObject({ voice: classes, sms: classes, whatsapp: classes, email: classes })
  .meta({
    description: 'For each channel what an alert may say: `code` (with it goes the link; without it nobody can take it there), `callback` (whom to call back), `urgency`, `source`, `reason` (what was said), `name` (of the customer)',
    examples: [{ voice: ['code', 'callback', 'urgency'], sms: ['code', 'callback'], whatsapp: ['code', 'callback'], email: ['code', 'callback', 'urgency', 'reason'] }],
  });
export const newAlertPrivacySchema = z
  .strictObject({ version: z.int().min(0).meta({ description: 'As it was read: who has another one is refused' }), allowed, reason: z.string().trim().min(1).max(300).meta({ description: 'Why, for the log' }), by })
  .meta({ id: 'NewAlertPrivacy' });
export type NewAlertPrivacyBody = z.output<typeof newAlertPrivacySchema>;
const shown = z.array(z.enum(dataClasses));
export const alertPrivacySchema = z
  .object({ version: z.int(), allowed: z.object({ voice: shown, sms: shown, whatsapp: shown, email: shown }), reason: z.string().nullable(), changedAt: instant.nullable() })
  .meta({ id: 'AlertPrivacy', description: 'What alerts may say on which channel. Nothing private where nothing was changed: code, link, and whom to call back.' });
