import { z } from 'zod';
import { channelSchema } from '../conversations/conversations.types.js';
import { instant, pageQuery, pageSchema } from '../tenancy/tenancy.types.js';
import { sensitivities } from './memory.types.js';

const id = z.string().meta({ format: 'uuid', examples: ['01991c2e-8f00-7c11-9a5e-2f4b6c8d0e1f'] });

export const factsQuery = pageQuery().extend({
  history: z.enum(['true', 'false']).default('false').meta({ description: 'true: also what was replaced or forgotten' }),
});
export type FactsQuery = z.output<typeof factsQuery>;

export const factSchema = z
  .object({
    id, statement: z.string().meta({ description: 'Empty once it was forgotten', examples: ['Prefers mornings'] }),
    sourceMessageId: id.nullable().meta({ description: 'The message that it was learned from' }),
    channel: channelSchema.nullable().meta({ description: 'Where the person said it' }),
    confidence: z.number().meta({ description: '0, a guess, to 1, said exactly so', examples: [0.7] }),
    sensitivity: z.enum(sensitivities).meta({
      description: 'ordinary: hurts nobody; personal: used where the address proves who writes; special (GDPR article 9): shown to the model only when the question is about it',
    }),
    createdAt: instant, supersededAt: instant.nullable(), supersededBy: id.nullable().meta({ description: 'The fact that holds instead' }), forgottenAt: instant.nullable(),
  })
  .meta({ id: 'Fact', description: 'Something the assistant has kept about the person.' });
export const factsSchema = pageSchema(factSchema).meta({ id: 'Facts' });

export const forgottenSchema = z
  .object({ forgotten: z.int().meta({ description: 'Facts whose words are gone, those that were replaced earlier included', examples: [3] }) })
  .meta({ id: 'Forgotten' });
