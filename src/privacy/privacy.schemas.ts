import { z } from 'zod';
import { instant } from '../tenancy/tenancy.types.js';

const id = z.string().meta({ format: 'uuid', examples: ['01991c2e-8f00-7c11-9a5e-2f4b6c8d0e1f'] });
const counts = (description: string) => z.record(z.string(), z.int()).meta({ description });
const copies = z.object({ found: z.int(), removed: z.int() });

export const reportSchema = z
  .object({
    id, contactId: id,
    state: z.enum(['requested', 'silenced', 'erased', 'removed', 'done']).meta({
      description:
        'silenced: nothing of the person is shown or sent any more; erased: nor is anything under way; removed: Twilio has nothing left; done: and the search has found nothing',
    }),
    counts: counts('Rows that were removed or blanked, by store. consentsKeptAsDigest: opt-outs that still hold, under a digest of the address'),
    twilio: z.object({ conversation: copies, message: copies, user: copies }).meta({ description: 'What Twilio had of the person' }),
    remains: z
      .object({
        tables: z.int().meta({ description: 'Tables that were searched, in every column' }), addresses: z.int().meta({ description: 'Addresses that were searched for' }),
        words: z.int().meta({ description: 'Names and messages that were searched for' }), left: counts('Rows of the person in which something was found; empty'),
        elsewhere: counts('Rows of others that mention an address, or of somebody new who writes from it since'),
      })
      .nullable().meta({ description: 'The search at the end; null before' }),
    requestedAt: instant, finishedAt: instant.nullable(),
  })
  .meta({ id: 'ErasureReport' });

const rows = z.array(z.record(z.string(), z.unknown()));

export const exportSchema = z
  .object({
    exportedAt: instant, contact: z.record(z.string(), z.unknown()),
    mergedContacts: rows.meta({ description: 'Contacts that turned out to be the same person' }), merges: rows, conversationSids: z.array(z.string()), addresses: rows, consents: rows, whatsappWindows: rows, messages: rows,
    attachments: rows.meta({ description: 'Every file that the contact attached; fetch it from its `href`' }), facts: rows,
    summaries: rows, turns: rows, toolCalls: rows, deliveries: rows, transitions: rows, citations: rows, calls: rows.meta({ description: 'Phone calls' }), voicemails: rows,
    incidents: rows.meta({ description: 'Emergencies, and who took them' }),
    callbacks: rows.meta({ description: 'Calls by which they spoke with whoever had taken an emergency' }),
    verdicts: rows.meta({ description: 'How urgent it was what they said, and why' }),
    outboundCalls: rows.meta({ description: 'Calls that we made to them, or were to make' }),
    transfers: rows.meta({ description: 'Calls that were put through to a specialist, or were to be' }),
    visitors: rows.meta({ description: 'Who they were in web chat, and who they said they are' }),
  })
  .meta({ id: 'PersonExport', description: 'Every row that is kept of a person, oldest first.' });
