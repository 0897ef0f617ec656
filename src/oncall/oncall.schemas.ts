import { z } from 'zod';
import { byWhom as by, methodChannels, timeZoneName as timeZone, versionRead as version, weeklyHours } from '../staff/staff.types.js';
import { instant, pageSchema } from '../tenancy/tenancy.types.js';
import { verdicts } from './oncall.types.js';

const uuid = z.uuid().meta({ examples: ['01991c2e-8f00-7c11-9a5e-2f4b6c8d0e1f'] });
const id = z.string().meta({ format: 'uuid', examples: ['01991c2e-8f00-7c11-9a5e-2f4b6c8d0e1f'] });
const name = z.string().trim().min(1).max(100).meta({ examples: ['Primary'] });
const moment = z.iso.datetime({ offset: true }).transform((text) => new Date(text)).meta({ examples: ['2026-01-05T09:00:00Z'] });

/** `2026-01-05T09:00`, a day and a time that there are. */
const wallTime = z
  .string().regex(/^20\d\d-\d\d-\d\dT\d\d:\d\d$/, 'expected a time on the wall such as 2026-01-05T09:00')
  .refine((text) => {
    const at = Date.parse(`${text}Z`);
    return !Number.isNaN(at) && new Date(at).toISOString().startsWith(text);
  }, 'there is no such day or time')
  .meta({ examples: ['2026-01-05T09:00'] });

const layer = {
  name,
  startsAt: wallTime.meta({ description: 'The first hand-off, on the wall where the schedule is. Each hand-off is at its time, weekly ones on its weekday' }),
  every: z.int().min(1).max(1_000), unit: z.enum(['hours', 'days', 'weeks']),
  rotation: z.array(z.array(uuid).max(10)).min(1).max(50).meta({ description: 'Who comes after whom. Those of one entry are on call together; in an empty one nobody is' }),
};
const level = z.int().min(0).max(100).meta({ description: 'Of the layers that have somebody the highest level decides; those of one level are on call together. Its place in the list, where not given' });
const endsAt = wallTime.nullable();
const hours = z.array(weeklyHours).max(20).meta({ description: 'Only in these; at any time where there are none' });

const newLayers = z
  .array(z.strictObject({ ...layer, level: level.optional(), endsAt: endsAt.default(null), hours: hours.default([]) }))
  .max(10)
  .superRefine((layers, context) => {
    for (const [i, each] of layers.entries()) {
      if (each.endsAt !== null && each.endsAt <= each.startsAt) context.addIssue({ code: 'custom', path: [i, 'endsAt'], message: 'expected a time after startsAt' });
    }
  })
  .transform((layers) => layers.map((each, i) => ({ ...each, level: each.level ?? i })));

export const newScheduleSchema = z
  .strictObject({
    name, timeZone, layers: newLayers, by,
    externalRef: z.string().trim().min(1).max(200).nullable().default(null).meta({ description: 'What another system calls it' }),
  })
  .meta({ id: 'NewSchedule' });
export type NewScheduleBody = z.output<typeof newScheduleSchema>;

export const scheduleChangeSchema = z
  .strictObject({ version, name: name.optional(), timeZone: timeZone.optional(), layers: newLayers.optional(), by })
  .meta({ id: 'ScheduleChange', description: 'Layers are changed as a whole.' });
export type ScheduleChangeBody = z.output<typeof scheduleChangeSchema>;

export const scheduleSchema = z
  .object({
    id, name: z.string(), timeZone: z.string(), layers: z.array(z.object({ ...layer, level, endsAt, hours }).meta({ id: 'Layer' })), externalRef: z.string().nullable(),
    version: z.int(), createdAt: instant, changedAt: instant,
  })
  .meta({ id: 'Schedule' });
export const schedulesSchema = pageSchema(scheduleSchema).meta({ id: 'Schedules' });

const inOrder = (stretch: { from: Date; until: Date }, context: z.RefinementCtx): void => {
  if (stretch.until <= stretch.from) context.addIssue({ code: 'custom', path: ['until'], message: 'expected a time after from' });
};
const reason = z.string().trim().min(1).max(300).nullable().default(null);

export const newOverrideSchema = z
  .strictObject({
    from: moment, until: moment, remove: uuid.nullable().default(null).meta({ description: 'Who is not on call. They are replaced where they would be, and nowhere else' }),
    add: uuid.nullable().default(null).meta({ description: 'Who is instead; besides the others, where nobody is removed' }), reason, by,
  })
  .superRefine((wanted, context) => {
    inOrder(wanted, context);
    if (wanted.remove === null && wanted.add === null) context.addIssue({ code: 'custom', path: ['add'], message: 'expected somebody to remove, to add, or both' });
  })
  .meta({ id: 'NewOverride' });
export type NewOverrideBody = z.output<typeof newOverrideSchema>;

const swapped = z.strictObject({ staffId: uuid, from: moment, until: moment }).superRefine(inOrder);
export const newSwapSchema = z.strictObject({ one: swapped, other: swapped, reason, by }).meta({ id: 'NewSwap' });
export type NewSwapBody = z.output<typeof newSwapSchema>;

export const newCoverSchema = z
  .strictObject({ from: moment, until: moment, staff: z.array(uuid).min(1).max(10), reason, by }).superRefine(inOrder)
  .meta({ id: 'NewCover' });
export type NewCoverBody = z.output<typeof newCoverSchema>;

export const exceptionSchema = z
  .object({
    id, kind: z.enum(['override', 'cover']), startsAt: instant, endsAt: instant, removes: id.nullable(), staff: z.array(id), reason: z.string().nullable(), madeBy: z.string().nullable(),
    createdAt: instant,
  })
  .meta({ id: 'ScheduleException' });
export const exceptionsSchema = pageSchema(exceptionSchema).meta({ id: 'ScheduleExceptions' });

const decidedBy = z.enum(['layers', 'override', 'cover']).meta({ description: 'What decided it' });
const person = z
  .object({
    id, name: z.string(),
    methods: z.array(z.object({ id, channel: z.enum(methodChannels), address: z.string() })).meta({ description: 'In the order in which they are tried' }),
    trouble: z.enum(['no_contact_method', 'unverified', 'opted_out']).nullable().meta({ description: 'Why there is none' }),
    isDoNotDisturb: z.boolean().meta({ description: 'Only for what is urgent' }),
  })
  .meta({ id: 'OnCallPerson' });

export const atQuery = z.strictObject({ at: moment.optional().meta({ description: 'Now, where not given' }) });
export type AtQuery = z.output<typeof atQuery>;
export const onCallSchema = z
  .object({ scheduleId: id, at: instant, until: instant.nullable().meta({ description: 'Then it changes; null: not within two weeks' }), by: decidedBy, staff: z.array(person) })
  .meta({ id: 'OnCall' });

export const windowQuery = z.strictObject({
  from: moment.optional().meta({ description: 'Now, where not given' }), until: moment.optional().meta({ description: 'Two weeks later, where not given; 92 days at most' }),
});
export type WindowQuery = z.output<typeof windowQuery>;
export const shiftSchema = z
  .object({ from: instant, until: instant, by: decidedBy, staff: z.array(z.object({ id, name: z.string() })) })
  .meta({ id: 'Shift', description: 'The same people are on call; nobody, where it is a gap.' });
export const gapSchema = z.object({ from: instant, until: instant }).meta({ id: 'Gap' });

export const preflightQuery = z.strictObject({ scheduleId: z.string().optional().meta({ description: 'All of them, where not given' }) });
export type PreflightQuery = z.output<typeof preflightQuery>;
const outlook = z
  .object({
    from: instant, until: instant, staff: z.array(person),
    verdict: z.enum(verdicts).meta({ description: 'reached; urgent_only: all of them are not to be disturbed; unreachable: none of them has a verified contact method; gap: nobody is on call' }),
  })
  .meta({ id: 'Outlook' });
export const preflightSchema = z.object({ scheduleId: id, name: z.string(), outlooks: z.array(outlook) }).meta({ id: 'Preflight' });

export const importSchema = z
  .strictObject({
    system: z.enum(['grafana-oncall', 'opsgenie']), document: z.record(z.string(), z.unknown()), isDryRun: z.boolean().default(true).meta({ description: 'true: says what would come, and changes nothing' }), by,
  })
  .meta({ id: 'ScheduleImport' });
export type ImportBody = z.output<typeof importSchema>;

const fate = z.enum(['new', 'known', 'name_taken']).meta({ description: 'known: it came before, and is left as it is; name_taken: it cannot come' });
const ref = z.string().meta({ description: 'Where it comes from', examples: ['opsgenie:b5b92115'] });
export const importReportSchema = z
  .object({
    isDryRun: z.boolean(), staff: z.array(z.object({ ref, name: z.string(), email: z.string().nullable(), fate })),
    schedules: z.array(z.object({
      ref, name: z.string(), timeZone: z.string(), fate, layers: z.array(z.object({ ...layer, level, endsAt, hours, rotation: z.array(z.array(ref)) })),
      covers: z.array(z.object({ from: instant, until: instant, staff: z.array(ref) })),
    })),
    leftOut: z.array(z.object({ path: z.string().meta({ description: 'Where it stands in the document', examples: ['schedules.0.rotations.2'] }), why: z.string() })),
  })
  .meta({ id: 'ScheduleImportReport' });
