import { z } from 'zod';
import { incidentStates } from '../escalation/escalation.types.js';
import { byWhom as by, timeZoneName } from '../staff/staff.types.js';
import { instant, pageSchema } from '../tenancy/tenancy.types.js';
import { runOutcomes, warningCodes } from './drills.types.js';

const id = z.string().meta({ format: 'uuid', examples: ['01991c2e-8f00-7c11-9a5e-2f4b6c8d0e1f'] });

export const newDrillSchema = z
  .strictObject({
    name: z.string().trim().min(1).max(100).meta({ examples: ['Tuesday drill'] }),
    policyId: z.uuid().nullable().default(null).meta({ description: "The tenant's, as it is then, where not given" }),
    timeZone: timeZoneName.optional().meta({ description: "IANA name; the tenant's where not given", examples: ['Europe/Berlin'] }),
    day: z.int().min(1).max(7).meta({ description: '1 is Monday, 7 is Sunday' }),
    time: z.string().regex(/^([01]\d|2[0-3]):[0-5]\d$/, 'expected a time such as 10:30').meta({ examples: ['10:30'] }),
    everyWeeks: z.int().min(1).max(52).default(1),
    by,
  })
  .meta({ id: 'NewDrill' });
export type NewDrillBody = z.output<typeof newDrillSchema>;

export const runNowSchema = z.strictObject({ by }).meta({ id: 'RunNow' });
export type RunNowBody = z.output<typeof runNowSchema>;

const run = {
  id, drillId: id, outcome: z.enum(runOutcomes).meta({ description: '`missed`: nothing was running within an hour of its time; `skipped`: a real incident was open; `refused`: there is no policy' }),
  why: z.string().nullable(), incidentId: id.nullable().meta({ description: 'null: it has not begun, or not yet' }), createdAt: instant,
};
export const runSchema = z.object(run).meta({ id: 'DrillRun' });
export const runWithResultSchema = z
  .object({ ...run, state: z.enum(incidentStates).nullable(), acknowledgedBy: z.string().nullable(), secondsToAcknowledge: z.number().nullable() })
  .meta({ id: 'DrillRunWithResult' });
export const runsSchema = pageSchema(runWithResultSchema).meta({ id: 'DrillRuns' });

const drill = {
  id, name: z.string(), policyId: id.nullable(), timeZone: z.string(), day: z.int(), time: z.string(), everyWeeks: z.int(), nextAt: instant.meta({ description: 'When the next one comes' }), createdAt: instant,
};
export const drillSchema = z.object(drill).meta({ id: 'Drill' });
export const drillsSchema = pageSchema(z.object({ ...drill, lastRun: runWithResultSchema.nullable() }).meta({ id: 'DrillWithLastRun' })).meta({ id: 'Drills' });

export const warningSchema = z
  .object({
    code: z.enum(warningCodes), severity: z.enum(['critical', 'warning']).meta({ description: '`critical`: an incident would reach nobody' }), message: z.string(),
    policyId: id.nullable(), step: z.int().nullable().meta({ description: 'From 0' }), drillId: id.nullable(),
    stretches: z.array(z.object({ from: instant, until: instant })).meta({ description: 'When it is so, of the next 14 days; empty: always' }),
  })
  .meta({ id: 'PreflightWarning' });
