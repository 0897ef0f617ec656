import { z } from 'zod';
import { acknowledgements, attemptStates, incidentStates } from '../escalation/escalation.types.js';
import { alertChannels, dataClasses } from '../policies/policies.types.js';
import { instant, pageSchema } from '../tenancy/tenancy.types.js';

const id = z.string().meta({ format: 'uuid', examples: ['01991c2e-8f00-7c11-9a5e-2f4b6c8d0e1f'] });
const channel = z.enum(alertChannels);

const urgency = z.int().min(1).max(5).meta({ description: '5 is the most urgent. From 4 on people are disturbed whenever it is' });

export const newIncidentSchema = z
  .strictObject({
    urgency: urgency.default(5),
    reason: z.string().trim().min(1).max(500).meta({ description: 'Why. It is shown to those who may read the log, and never in a text or a call', examples: ['Chest pain'] }),
    source: z.string().trim().min(1).max(60).default('api').meta({ description: 'What or who reports it', examples: ['monitoring'] }),
    conversationSid: z.string().max(64).nullable().default(null).meta({ description: 'The conversation that it is about. There is one incident of it at a time: a second report joins the first' }),
    callback: z.string().regex(/^\+[1-9]\d{6,14}$/, 'expected a number such as +15550100001').nullable().default(null).meta({ description: 'Whom to call back' }),
    policyId: z.uuid().nullable().default(null).meta({ description: "The tenant's, where not given" }),
    isDrill: z.boolean().default(false).meta({ description: 'A rehearsal: all is real, and every text and call says that it is a drill' }),
  })
  .meta({ id: 'NewIncident' });
export type NewIncidentBody = z.output<typeof newIncidentSchema>;

const report = z.object({ urgency: z.int(), reason: z.string(), source: z.string(), at: instant });
const seconds = (description: string) => z.number().nullable().meta({ description });

export const incidentSchema = z
  .object({
    id, conversationSid: z.string().nullable(), policyId: id, code: z.string(), urgency: z.int(), reports: z.array(report), callback: z.string().nullable(), isDrill: z.boolean(),
    state: z.enum(incidentStates), round: z.int().meta({ description: 'From 0, as is `step`' }), step: z.int(), dueAt: instant.meta({ description: 'When the next step begins' }),
    slaSeconds: z.int().nullable().meta({ description: 'Within which somebody should have taken it' }),
    acknowledgedBy: z.string().nullable(), acknowledgedStaffId: id.nullable(), acknowledgedVia: z.enum(acknowledgements).nullable(), acknowledgedAt: instant.nullable(), endedAt: instant.nullable(), createdAt: instant,
  })
  .meta({ id: 'Incident' });
export const incidentsSchema = pageSchema(incidentSchema).meta({ id: 'Incidents' });

export const incidentLogSchema = z
  .object({
    incident: incidentSchema,
    secondsToFirstAttempt: seconds('From the report until Twilio had the first text or call'), secondsToAcknowledge: seconds('From the report until somebody took it'),
    attempts: z.array(
      z.object({
        id, says: z.enum(['alert', 'told', 'yours', 'help']), round: z.int(), step: z.int(), scheduleIds: z.array(id), staffId: id.nullable(), name: z.string(), channel, address: z.string(),
        state: z.enum(attemptStates),
        carries: z.array(z.enum(dataClasses)).nullable().meta({ description: 'What it said of the incident; null: it has not left' }),
        privacyVersion: z.int().nullable().meta({ description: 'By which version of the rules (`/api/v1/alert-privacy`)' }), providerSid: z.string().nullable(), trouble: z.string().nullable(), createdAt: instant, dispatchedAt: instant.nullable(), changedAt: instant,
      }),
    ),
    changes: z.array(z.object({ id, machine: z.string(), entityId: z.string(), fromState: z.string(), toState: z.string(), cause: z.string(), at: instant })),
  })
  .meta({ id: 'IncidentLog' });

export const takingSchema = z.strictObject({ by: z.string().trim().min(1).max(100).meta({ description: 'Who takes it, as all others are told', examples: ['Dana Reyes'] }) }).meta({ id: 'Taking' });
export type TakingBody = z.output<typeof takingSchema>;
export const takenSchema = z.object({ incident: incidentSchema, isFirst: z.boolean().meta({ description: 'false: somebody else has it already' }) }).meta({ id: 'Taken' });
