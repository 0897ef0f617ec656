import type { Transition } from '@throughline/database/transitions.js';
import { meaningOf } from '@throughline/twilio/errors.js';
import { z } from 'zod';
import { purposes } from '../contacts/contacts.types.js';
import { instant, pageLimit, pageQuery, pageSchema } from '../tenancy/tenancy.types.js';
import {
  channelSchema, hrefOfMedia, type Message, type MessageDetails, messageDetailsSchema, messageStatuses, type MessageVia, messageViaSchema, ownerSchema, type StaffWords,
} from './conversations.types.js';

/** Twilio's Conversations take no longer message, and every message is mirrored into its Conversation. */
const LONGEST_BODY = 1_600;
/** Twilio takes no more with one message (21623). */
const MOST_ATTACHED = 10;
const LAST_SEQ = 2_147_483_647;

const uuid = z.string().meta({ format: 'uuid', examples: ['01991c2e-8f00-7c11-9a5e-2f4b6c8d0e1f'] });
const conversationSid = z.string().meta({ description: "Twilio's id of the Conversation", examples: ['CH0123456789abcdef0123456789abcdef'] });
const address = z.string().meta({ description: "The customer's, without the prefix of the channel", examples: ['+15551230001'] });
const staff = z.string().trim().min(1).max(100).meta({ description: 'Who it is, as colleagues and the assistant shall read it', examples: ['Dana'] });
const owner = ownerSchema.meta({ description: 'Who may speak to the customer now' });

export const conversationsQuery = pageQuery(/^CH[0-9a-f]{32}$/).extend({
  owner: owner.optional(),
  address: address.optional().meta({ description: 'Only of the contact with this address; write + as %2B' }),
});
export type ConversationsQuery = z.output<typeof conversationsQuery>;

const whatsappWindowSchema = z
  .object({
    state: z.enum(['open', 'closing', 'closed']).meta({ description: 'closing: less than an hour is left' }),
    closesAt: instant.nullable().meta({ description: 'Until then free text is sent, a little less than 24 hours after the customer last wrote; null: never wrote there' }),
  })
  .meta({ id: 'WhatsappWindow', description: 'Whether WhatsApp takes free text to the customer; outside of it only an approved template' });

export const conversationSchema = z
  .object({
    conversationSid, contactId: uuid, contactName: z.string().nullable(), owner, ownerSince: instant,
    staff: z.string().nullable().meta({ description: 'The staff member, while staff owns it' }),
    epoch: z.int().meta({ description: 'Grows with every change of owner', examples: [2] }),
    replyChannel: channelSchema.nullable().meta({ description: 'Where answers go: where the customer wrote last' }), replyAddress: address.nullable(),
    whatsappWindow: whatsappWindowSchema.nullable().meta({ description: 'null: answers do not go by WhatsApp' }),
    mergedInto: uuid.nullable().meta({ description: 'The contact in whose conversation this one goes on; it takes no more messages' }),
    lastActivityAt: instant, createdAt: instant,
  })
  .meta({ id: 'Conversation' });
export const conversationsSchema = pageSchema(conversationSchema).meta({ id: 'Conversations' });

export const participantSchema = z
  .object({
    identity: z.string().meta({ description: "Author of this address's messages in the Conversation", examples: ['sms:+15551230001'] }),
    channel: channelSchema, address,
    participantSid: z.string().nullable().meta({ description: 'null until it has joined the Conversation at Twilio' }),
  })
  .meta({ id: 'Participant' });

export const transitionsQuery = pageQuery();
const transitionSchema = z
  .object({
    id: uuid, machine: z.string().meta({ examples: ['ownership'] }), entityId: z.string().meta({ description: 'Whose state it is', examples: ['CH0123456789abcdef0123456789abcdef'] }),
    from: z.string().meta({ examples: ['assistant'] }), to: z.string().meta({ examples: ['staff'] }), cause: z.string(), at: instant,
  })
  .meta({ id: 'Transition' });
export const transitionsSchema = pageSchema(transitionSchema).meta({ id: 'Transitions' });

export const shownTransition = ({ fromState, toState, ...rest }: Transition): z.input<typeof transitionSchema> => ({ ...rest, from: fromState, to: toState });

export const decisionSchema = z
  .strictObject({ event: z.enum(['staff_took_over', 'staff_handed_back', 'closed']), staff: staff.optional() })
  .meta({ id: 'Decision', examples: [{ event: 'staff_took_over', staff: 'Dana' }] });
export type Decision = z.output<typeof decisionSchema>;

export const threadQuery = z.strictObject({
  after: z.coerce.number().int().min(0).max(LAST_SEQ).default(0).meta({ description: 'Only messages with a greater `seq`' }),
  limit: pageLimit,
});
export type ThreadQuery = z.output<typeof threadQuery>;

const attachmentSchema = z
  .object({ contentType: z.string().meta({ examples: ['image/jpeg'] }), url: z.string().meta({ description: 'Where Twilio has it, or upload: and the id under which staff handed it in' }), href: z.string().meta({ description: 'Where the hub has it, relative to its own address' }) })
  .meta({ id: 'Attachment' });

export const messageSchema = z
  .object({
    id: uuid, seq: z.int().meta({ description: 'Counts within the conversation', examples: [7] }), direction: z.enum(['inbound', 'outbound', 'internal']),
    authorKind: z.enum(['contact', 'assistant', 'staff', 'system']), author: z.string().meta({ examples: ['sms:+15551230001'] }),
    channel: z.enum([...channelSchema.options, 'internal']), address: address.nullable(), body: z.string(),
    purpose: z.enum(purposes).meta({ description: 'service: an answer; alerts: to be known in time; marketing' }), media: z.array(attachmentSchema),
    status: z.enum(messageStatuses).meta({ description: 'Of several parts, the one that is worst off' }),
    errorCode: z.int().nullable().meta({ description: "Twilio's error number", examples: [30_003] }), errorMeaning: z.string().nullable().meta({ description: 'Why it stands at this status, in words' }),
    details: messageDetailsSchema.nullable().meta({ description: 'What it is besides its words: a tapped button, a location, what it answers' }),
    inReplyTo: uuid.nullable().meta({ description: 'The message that it answers, where the record has that' }),
    via: messageViaSchema.nullable().meta({ description: 'How it really went, where that is not how it was addressed: as a template (contentSid), or on another channel' }),
    mirrorSid: z.string().nullable().meta({ description: 'Its id in the Twilio Conversation' }),
    providerSid: z.string().nullable().meta({ description: "Twilio's id of an inbound message; those of outbound ones are in their deliveries" }),
    turnId: uuid.nullable().meta({ description: 'Of a reply: the turn that said it, as in the citations' }), createdAt: instant,
  })
  .meta({ id: 'Message' });

type ShownMessage = Omit<Message, 'media'> & {
  media: z.output<typeof attachmentSchema>[]; errorMeaning: string | null; via: MessageVia | null; details: MessageDetails | null; inReplyTo: string | null;
};

export const timelineSchema = pageSchema(messageSchema.extend({ conversationSid }).meta({ id: 'TimelineMessage' })).meta({ id: 'Timeline' });

export const mergeBody = z
  .strictObject({ intoContactId: z.uuid().meta({ description: 'The contact that goes on' }), staff, reason: z.string().trim().min(1).max(500).optional() })
  .meta({ id: 'MergeInto' });
export type MergeBody = z.output<typeof mergeBody>;
export const undoBody = z.strictObject({ staff }).meta({ id: 'UndoMerge' });
export type UndoBody = z.output<typeof undoBody>;

export const mergeSchema = z
  .object({
    id: uuid, absorbedId: uuid, survivingId: uuid, addressIds: z.array(uuid).meta({ description: 'The addresses that changed hands' }), staff,
    reason: z.string().nullable(), mergedAt: instant, undoneAt: instant.nullable(), undoneBy: z.string().nullable(),
  })
  .meta({ id: 'Merge' });

export const shownMessage = (message: Message): ShownMessage => ({
  ...message, media: message.media.map((item, position) => ({ ...item, href: hrefOfMedia(message.conversationSid, message.id, position) })),
  via: message.via ?? null, details: message.details ?? null, inReplyTo: message.details?.repliesTo?.messageId ?? null,
  errorMeaning: message.errorCode === null ? (message.statusCause ?? null) : meaningOf(message.errorCode).meaning,
});

export const staffWordsSchema = z
  .strictObject({
    body: z.string().trim().max(LONGEST_BODY).default('').meta({ description: 'Plain text; may be left out beside attachments', examples: ['Hello, this is Dana. I have moved your appointment.'] }),
    attachments: z.array(z.uuid()).max(MOST_ATTACHED).refine((ids) => new Set(ids).size === ids.length, 'names a file twice').default([])
      .meta({ description: 'Ids of files that were handed in for this conversation' }), staff,
  })
  .refine(({ body, attachments }) => body !== '' || attachments.length > 0, { path: ['body'], message: 'say something, or attach something' })
  .meta({ id: 'StaffWords' });
export type StaffWordsBody = Pick<StaffWords, 'body' | 'staff' | 'attachments'>;
