import { z } from 'zod';
import { attemptStates } from '../escalation/escalation.types.js';
import { dataClasses } from '../policies/policies.types.js';
import { instant, pageQuery, pageSchema } from '../tenancy/tenancy.types.js';

const id = z.string().meta({ format: 'uuid', examples: ['01991c2e-8f00-7c11-9a5e-2f4b6c8d0e1f'] });
const time = z.iso.datetime({ offset: true }).transform((text) => new Date(text));

const range = { from: time.meta({ description: 'From then on', examples: ['2026-01-05T00:00:00Z'] }), until: time.meta({ description: 'Not included' }) };
export const rangeQuery = z.strictObject(range);
export type RangeQuery = z.output<typeof rangeQuery>;
export const logQuery = pageQuery().extend(range);
export type LogQuery = z.output<typeof logQuery>;

const change = z.object({ from: z.string(), to: z.string(), at: z.string().meta({ format: 'date-time' }), cause: z.string() });

export const loggedAttemptSchema = z
  .object({
    id, incidentId: id, policyId: id, isDrill: z.boolean(), scheduleIds: z.array(id).meta({ description: 'Because of which they were told' }), says: z.enum(['alert', 'told', 'yours', 'help']),
    round: z.int(), step: z.int(), staffId: id.nullable(), name: z.string(), channel: z.string(), address: z.string(), state: z.enum(attemptStates),
    carries: z.array(z.enum(dataClasses)).nullable().meta({ description: 'What it said of the incident; null: it has not left' }), privacyVersion: z.int().nullable(),
    providerSid: z.string().nullable(), trouble: z.string().nullable(), createdAt: instant, dispatchedAt: instant.nullable().meta({ description: 'When Twilio had it' }), changedAt: instant,
    changes: z.array(change).meta({ description: 'Of its state, oldest first' }),
  })
  .meta({ id: 'LoggedAttempt' });
export const attemptsSchema = pageSchema(loggedAttemptSchema).meta({ id: 'LoggedAttempts' });

const count = z.int();
const spread = (description: string) => z.object({ p50: z.number(), p95: z.number(), max: z.number() }).nullable().meta({ description });

const figures = z
  .object({
    incidents: count, acknowledged: count, cancelled: count, notAcknowledged: count.meta({ description: 'They go on, or all who were to be told have been told' }),
    unattempted: count.meta({ description: 'Of them no text or call has come as far as Twilio' }),
    slaBreaches: count.meta({ description: 'Nobody has taken them, or called them off, within their `slaSeconds`' }),
    secondsToFirstAttempt: spread('Until Twilio had the first text or call. Percentiles are the nearest rank, `percentile_disc` of SQL: the value of one incident, never one between two'),
    secondsToAcknowledge: spread('Until somebody took it, of those that were taken'),
  })
  .meta({ id: 'OncallFigures' });

const named = z.object({ id, name: z.string(), incidents: figures, drills: figures });

export const oncallReportSchema = z
  .object({
    from: instant, until: instant, asOf: instant,
    all: z.object({ incidents: figures, drills: figures }),
    policies: z.array(named).meta({ description: 'Counted from the report of an incident' }),
    schedules: z.array(named).meta({ description: 'The incidents that have asked who is on call in it, counted from when they first asked' }),
    staff: z.array(
      z.object({
        staffId: id.nullable().meta({ description: 'null: taken through the API, in this name' }), name: z.string(), taken: count, drillsTaken: count,
        interruptions: count.meta({ description: 'What comes at once in one step of an incident is one. Drills are counted apart' }), drillInterruptions: count,
        atNight: count.meta({ description: 'Interruptions from 22 to 8 o’clock where the person is' }), byHour: z.array(count).meta({ description: 'Interruptions in each of the 24 hours of the day there' }),
      }),
    ),
  })
  .meta({ id: 'OncallReport' });
