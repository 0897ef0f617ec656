import { z } from 'zod';
import { byWhom as by, versionRead as version } from '../staff/staff.types.js';
import { instant, pageSchema } from '../tenancy/tenancy.types.js';
import { judges, matches } from './triage.types.js';

const id = z.string().meta({ format: 'uuid', examples: ['01991c2e-8f00-7c11-9a5e-2f4b6c8d0e1f'] });
const urgency = z.int().min(1).max(5).meta({ description: '5 is the most urgent. It raises what is known otherwise, and never lowers it' });
const match = z.enum(matches).meta({ description: '`words`: these words, whole. `prefix`: the last of them may go on' });
const languages = z
  .array(z.string().regex(/^[a-z]{2,3}$/, 'expected a language such as de')).max(10)
  .meta({ description: 'Only in texts of these languages, as far as one can tell; in all of them where it is empty', examples: [['de']] });

export const newAlarmWordSchema = z
  .strictObject({
    term: z.string().trim().min(2).max(80).meta({ description: 'One word or several. Capitals, accents and signs make no difference', examples: ['freezer temperature'] }),
    urgency, match: match.default('words'), languages: languages.default([]), by,
  })
  .meta({ id: 'NewAlarmWord' });
export type NewAlarmWordBody = z.output<typeof newAlarmWordSchema>;
export const alarmWordChangeSchema = z.strictObject({ version, urgency: urgency.optional(), match: match.optional(), languages: languages.optional(), by }).meta({ id: 'AlarmWordChange' });
export type AlarmWordChangeBody = z.output<typeof alarmWordChangeSchema>;
export const alarmWordSchema = z
  .object({ id, term: z.string(), urgency, match, languages, version: z.int(), createdAt: instant, changedAt: instant })
  .meta({ id: 'AlarmWord' });
export const alarmWordsSchema = pageSchema(alarmWordSchema).meta({ id: 'AlarmWords' });

const count = (description: string) => z.int().nullable().meta({ description });

export const verdictSchema = z
  .object({
    id, fromSeq: z.int(), seq: z.int().meta({ description: 'The newest message that it is about; `fromSeq` is the first one' }),
    judge: z.enum(judges).meta({ description: '`words`: of the lists. `model`. `assistant`: in a turn. `rule`: what a mail or a voicemail is. `nobody`: the model could not be had. `pending`: it is asked again' }),
    urgency: z.int().nullable(), reasons: z.array(z.string()), isUnproved: z.boolean().meta({ description: 'A mail whose sender nobody vouches for' }),
    model: z.string().nullable(), promptVersion: z.string().nullable(), latencyMs: count('Until the model had answered'), inputTokens: count('Shown to the model'), outputTokens: count('Said by it'),
    tries: z.int(), incidentId: id.nullable().meta({ description: 'The incident that it opened or joined' }), withheld: z.string().nullable().meta({ description: 'Why nobody was told, although it is urgent' }), createdAt: instant,
  })
  .meta({ id: 'Verdict' });
export const verdictsSchema = pageSchema(verdictSchema).meta({ id: 'Verdicts' });
