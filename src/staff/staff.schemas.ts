import { z } from 'zod';
import { instant, pageSchema } from '../tenancy/tenancy.types.js';
import { isEasy } from './pin.policy.js';
import { byWhom as by, type MethodChannel, methodChannels, timeZoneName as timeZone, versionRead as version, weeklyHours } from './staff.types.js';

const id = z.string().meta({ format: 'uuid', examples: ['01991c2e-8f00-7c11-9a5e-2f4b6c8d0e1f'] });
const name = z.string().trim().min(1).max(100).meta({ examples: ['Dana Reyes'] });
const doNotDisturb = z.array(weeklyHours).max(20).meta({ description: 'In these hours, on the clock where they are, only what is urgent reaches them' });

const channel = z.enum(methodChannels).meta({ description: 'voice: they are called' });
const methodShape = { channel, address: z.string().trim().toLowerCase().min(3).max(254).meta({ examples: ['+15550100001'] }) };

/** A number for a channel of numbers, an address for e-mail. */
function fits(wanted: { channel: MethodChannel; address: string }, context: z.RefinementCtx): void {
  const isRight = wanted.channel === 'email' ? z.email().safeParse(wanted.address).success : /^\+[1-9]\d{6,14}$/.test(wanted.address);
  if (!isRight) context.addIssue({ code: 'custom', path: ['address'], message: wanted.channel === 'email' ? 'expected an e-mail address' : 'expected a number such as +15550100001' });
}

export const newMethodSchema = z.strictObject({ ...methodShape, by }).superRefine(fits).meta({ id: 'NewContactMethod' });
export type NewMethodBody = z.output<typeof newMethodSchema>;
export const methodSchema = z
  .object({
    id, channel, address: z.string(), verifiedAt: instant.nullable().meta({ description: 'When a code has shown that it is theirs. Until then it is not used' }), createdAt: instant,
  })
  .meta({ id: 'ContactMethod' });

export const newStaffSchema = z
  .strictObject({
    name, timeZone: timeZone.optional().meta({ description: "The tenant's, where not given" }), doNotDisturb: doNotDisturb.default([]),
    externalRef: z.string().trim().min(1).max(200).nullable().default(null).meta({ description: 'What another system calls them. One for each', examples: ['hr:4711'] }),
    contactMethods: z.array(z.strictObject(methodShape).superRefine(fits)).max(10).default([]).meta({ description: 'In the order in which they are tried. Each is verified by a code before it is used' }), by,
  })
  .meta({ id: 'NewStaffMember' });
export type NewStaffBody = z.output<typeof newStaffSchema>;

export const staffChangeSchema = z
  .strictObject({
    version, name: name.optional(), timeZone: timeZone.optional(), doNotDisturb: doNotDisturb.optional(),
    contactMethods: z.array(z.uuid()).max(10).optional().meta({ description: 'The ids of all of them, in the order in which they are tried' }), by,
  })
  .meta({ id: 'StaffChange' });
export type StaffChangeBody = z.output<typeof staffChangeSchema>;

export const staffMemberSchema = z
  .object({
    id, name, timeZone: z.string(), doNotDisturb, externalRef: z.string().nullable(), version: z.int(), createdAt: instant, changedAt: instant, contactMethods: z.array(methodSchema),
  })
  .meta({ id: 'StaffMember', description: 'Somebody who works for the tenant.' });
export const staffPageSchema = pageSchema(staffMemberSchema).meta({ id: 'StaffMembers' });

const way = z.enum(['sms', 'call', 'whatsapp', 'email']);
export const codeWaySchema = z
  .strictObject({ by: way.optional().meta({ description: 'How the code is sent; as the contact method is used where not given. A number may be shown by a text or a call' }) })
  .prefault({})
  .meta({ id: 'CodeWay' });
export type CodeWayBody = z.output<typeof codeWaySchema>;

export const codeSchema = z
  .strictObject({ code: z.string().regex(/^[0-9A-Za-z]{4,10}$/, 'expected the 4 to 10 characters of the code').meta({ examples: ['482913'] }) })
  .meta({ id: 'ContactMethodCode' });
export type CodeBody = z.output<typeof codeSchema>;
export const checkedMethodSchema = z
  .object({ outcome: z.enum(['verified', 'wrong', 'expired']).meta({ description: 'expired: also when none was sent, or it was used' }), method: methodSchema })
  .meta({ id: 'CheckedContactMethod' });

export const newPinSchema = z
  .strictObject({
    pin: z.string().regex(/^\d{6,12}$/, 'expected 6 to 12 digits').refine((pin) => !isEasy(pin), 'the same digit over and over, and digits in a row, are tried first')
      .meta({ description: 'Known to nobody but them. It cannot be read again', examples: ['402917'] }),
    by,
  })
  .meta({ id: 'NewStaffPin' });
export type NewPinBody = z.output<typeof newPinSchema>;
