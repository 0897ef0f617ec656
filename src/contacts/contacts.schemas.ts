import { z } from 'zod';
import { instant, pageSchema } from '../tenancy/tenancy.types.js';

const id = z.string().meta({ format: 'uuid', examples: ['01991c2e-8f00-7c11-9a5e-2f4b6c8d0e1f'] });
const channel = z.string().meta({ examples: ['sms'] });
const address = z.string().meta({ description: 'Without the prefix of the channel', examples: ['+15551230001'] });

const addressSchema = z.object({ id, channel, address, createdAt: instant }).meta({ id: 'Address' });

const consentSchema = z
  .object({
    channel, address, sender: z.string().meta({ description: 'Our address that the consent is about', examples: ['+15550100001'] }),
    state: z.enum(['opted_in', 'opted_out']),
    evidence: z.string().meta({ description: "The provider's id of the message that says so, or the error number that did", examples: ['twilio_21610'] }),
    changedAt: instant,
  })
  .meta({ id: 'Consent', description: 'Where there is none, nobody said stop.' });

const contact = { id, displayName: z.string().nullable(), createdAt: instant, addresses: z.array(addressSchema) };

export const contactsSchema = pageSchema(z.object(contact).meta({ id: 'Contact' })).meta({ id: 'Contacts' });
export const contactSchema = z.object({ ...contact, consents: z.array(consentSchema) }).meta({ id: 'ContactWithConsents' });
