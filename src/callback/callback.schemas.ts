import { z } from 'zod';
import { instant } from '../tenancy/tenancy.types.js';
import { callbackStates } from './callback.types.js';

export const connectingSchema = z
  .strictObject({
    phone: z.string().regex(/^\+[1-9]\d{6,14}$/, 'expected a number such as +15550100001').optional()
      .meta({ description: 'Where whoever has it is called; without it on the phone that they have shown to be theirs' }),
  })
  .meta({ id: 'Connecting' });
export type ConnectingBody = z.output<typeof connectingSchema>;

export const callbackSchema = z
  .object({
    id: z.string().meta({ format: 'uuid' }), incidentId: z.string().meta({ format: 'uuid' }), taker: z.string(),
    isCalledBack: z.boolean().meta({ description: 'false: the person is on the phone with us, and is fetched from there' }),
    state: z.enum(callbackStates).meta({ description: 'calling: the phone of whoever has it rings; asking: they are asked for a key; reaching: the person is called or fetched; unanswered: nobody came' }),
    cause: z.string().nullable(), createdAt: instant, metAt: instant.nullable().meta({ description: 'When both were there' }),
  })
  .meta({ id: 'Callback' });
