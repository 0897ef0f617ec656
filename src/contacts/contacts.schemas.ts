import { z } from 'zod';
import { instant, pageSchema } from '../tenancy/tenancy.types.js';
import { consentPurposes, consentSources, trusts } from './contacts.types.js';

const id = z.string().meta({ format: 'uuid', examples: ['01991c2e-8f00-7c11-9a5e-2f4b6c8d0e1f'] });
const channel = z.string().meta({ examples: ['sms'] });
const address = z.string().meta({ description: 'Without the prefix of the channel', examples: ['+15551230001'] });

export const addressSchema = z
  .object({ id, channel, address, trust: z.enum(trusts).meta({ description: 'How sure it is who writes from there; below verified no memory is opened' }), createdAt: instant })
  .meta({ id: 'Address' });

const sender = z.string().min(1).max(100);
const purpose = z.enum(consentPurposes).meta({
  description: 'service: answers to what they ask; alerts: what they must know in time; marketing; everything: all of these. START only brings answers back',
});
const state = z.enum(['opted_in', 'opted_out']);
const wording = z.string().trim().min(1).max(4_000);
const evidence = z.string().trim().min(1).max(500);

export const consentSchema = z
  .object({
    id, channel, address, sender: sender.meta({ description: 'Our address that it is about; * for whichever of ours', examples: ['+15550100001'] }),
    purpose, state, source: z.enum(consentSources).meta({ description: 'Who said so' }),
    wording: wording.nullable().meta({ description: 'What they wrote, or were shown or told, word for word' }),
    evidence: z.string().nullable().meta({ description: "The provider's id of the message that says so, or the error number that did", examples: ['twilio_21610'] }),
    messageId: id.nullable().meta({ description: 'The message of the thread that says so' }),
    recordedBy: z.string().nullable().meta({ description: 'The member of staff', examples: ['Dana'] }),
    changedAt: instant.meta({ description: 'When it was said' }), recordedAt: instant,
  })
  .meta({ id: 'Consent', description: 'One word about consent. Where there is none, nobody said stop, and nobody agreed to more than answers.' });

export const consentsSchema = pageSchema(consentSchema).extend({ current: z.array(consentSchema) }).meta({ id: 'Consents' });

export const newConsentSchema = z
  .strictObject({
    addressId: z.uuid().meta({ description: "One of the contact's addresses" }), sender: sender.optional().meta({ description: 'Our address that it is about; whichever of ours without it' }),
    channel: z.literal('voice').optional().meta({ description: 'About calls to this number; about the channel of the address without it' }),
    purpose, state, source: z.enum(['staff', 'form', 'import']).default('staff'), wording, evidence: evidence.nullable().default(null),
    staff: z.string().trim().min(1).max(100).meta({ examples: ['Dana'] }),
    at: z.iso.datetime({ offset: true }).transform((text) => new Date(text)).optional().meta({ description: 'When it was said; now without it' }),
  })
  .superRefine((said, context) => {
    if (said.purpose !== 'everything' || said.state !== 'opted_in') return;
    context.addIssue({ code: 'custom', path: ['purpose'], message: 'consent is given to one purpose; only a stop can be for everything' });
  })
  .meta({ id: 'NewConsent' });
export type NewConsentBody = z.output<typeof newConsentSchema>;

const contact = {
  id, displayName: z.string().nullable(), mergedInto: id.nullable().meta({ description: 'The contact that goes on instead of this one' }), createdAt: instant, addresses: z.array(addressSchema),
};

export const contactsSchema = pageSchema(z.object(contact).meta({ id: 'Contact' })).meta({ id: 'Contacts' });
export const contactSchema = z.object({ ...contact, consents: z.array(consentSchema) }).meta({ id: 'ContactWithConsents' });

export const codeBody = z
  .strictObject({ code: z.string().regex(/^[0-9A-Za-z]{4,10}$/, 'expected the 4 to 10 characters of the code').meta({ examples: ['482913'] }) })
  .meta({ id: 'Code' });
export type CodeBody = z.output<typeof codeBody>;

export const checkedSchema = z
  .object({
    outcome: z.enum(['verified', 'wrong', 'expired']).meta({ description: 'expired: there is no code that waits; send another' }), address: addressSchema,
    sameAs: id.nullable().meta({ description: 'Another contact with this number: the same person, whom you may merge' }),
  })
  .meta({ id: 'CheckedCode' });
