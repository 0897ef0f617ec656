import { type Cursor, decodeCursor } from '@throughline/database/cursor.js';
import { z } from 'zod';

/** Languages whose word forms Postgres knows; `simple` takes each word as it is written. */
const searchLanguages = [
  'simple', 'arabic', 'danish', 'dutch', 'english', 'finnish', 'french', 'german', 'greek', 'hungarian', 'indonesian', 'irish', 'italian', 'lithuanian',
  'nepali', 'norwegian', 'portuguese', 'romanian', 'russian', 'spanish', 'swedish', 'tamil', 'turkish',
] as const;

const timeOfDay = z.string().regex(/^([01]\d|2[0-3]):[0-5]\d$/, 'expected a time such as 21:00');

const soundFile = z.url({ protocol: /^https$/ }).max(500);

/** An approved template of WhatsApp's. */
const whatsappTemplate = z.object({
  contentSid: z.string().regex(/^HX[0-9a-fA-F]{32}$/, 'expected HX and 32 hexadecimal digits'),
  /** What goes into its places; the reply itself is one of it, or nobody would read it. */
  variables: z
    .record(z.string().regex(/^\w{1,16}$/, 'expected the name of a place, such as 1'), z.enum(['reply', 'firstName', 'businessName']))
    .refine((variables) => Object.values(variables).includes('reply'), 'one of the variables has to be the reply'),
});

/** What a tenant may set for itself. Everything has a default, so an empty object is a complete setting. */
export const tenantSettingsSchema = z.object({
  businessName: z.string().min(1).max(100).optional(),
  /** IANA name, as Luxon takes it. */
  timeZone: z.string().default('UTC'),
  /** The language of what is searched: facts and knowledge. */
  searchLanguage: z.enum(searchLanguages).default('english'),
  assistant: z
    .object({
      enabled: z.boolean().default(true),
      name: z.string().min(1).max(60).default('Assistant'),
      /** Replaces a prompt file of the same name (`system`, `summarise`, `triage`) for this tenant. */
      prompts: z.partialRecord(z.enum(['system', 'summarise', 'triage']), z.string().max(20_000)).default({}),
      /** What the customer reads when the model fails. */
      apology: z
        .string().min(1).max(300)
        .default('Sorry, I cannot answer this right now. A colleague has been told and will get back to you.'),
    })
    .prefault({}),
  /** For how many days data of people is kept; for good where nothing is said. Looked at once a day. */
  retention: z
    .object({
      /** Words of messages and all that quotes them, here and at Twilio. The thread keeps their places. */
      messagesDays: z.int().min(1).max(36_500).optional(),
      /** Facts, whether they hold or not. */
      factsDays: z.int().min(1).max(36_500).optional(),
      /** A contact in whose conversation nobody has said a word for so long is erased altogether. */
      idleContactsDays: z.int().min(1).max(36_500).optional(),
    })
    .prefault({}),
  /** Milliseconds to wait for the rest of a burst of messages before answering. */
  quietMs: z.partialRecord(z.enum(['sms', 'whatsapp', 'rcs', 'chat', 'email']), z.int().min(0).max(120_000)).default({}),
  whatsapp: z
    .object({
      /** The approved template that carries a message when WhatsApp takes no free text. */
      reopenTemplate: whatsappTemplate.optional(),
    })
    .prefault({}),
  /** A message that cannot reach the address it was said to goes to another one of the same person. */
  fallback: z
    .object({
      /** By these channels, the first ones first; by none where it is empty. Where nothing is said: as a text to the same phone, then to where they wrote last. Never to a chat. */
      channels: z.array(z.enum(['sms', 'rcs', 'whatsapp', 'email'])).max(4).optional(),
    })
    .prefault({}),
  /** What strangers who come by web chat may cost altogether, whoever they are. */
  chat: z
    .object({
      /** Codes to numbers that visitors say are theirs. */
      codesPerHour: z.int().min(0).max(100_000).default(100),
      /** Files that visitors bring. */
      uploadMegabytesPerHour: z.int().min(0).max(1_000_000).default(2_000),
    })
    .prefault({}),
  /** Phone calls. */
  voice: z
    .object({
      /** What a caller hears first; in general words where nothing is said. */
      greeting: z.string().min(1).max(500).optional(),
      /** As Twilio's <ConversationRelay> takes it; the first one is spoken until the caller speaks another one. */
      languages: z.array(z.string().regex(/^[a-z]{2,3}(-[A-Za-z0-9]{2,8})*$/, 'expected a language such as en-US')).min(1).max(10).default(['en-US']),
      /** A voice of the speech provider of the account. */
      voice: z.string().min(1).max(100).optional(),
      /** Whose caller id is believed: with `attested` only what the carrier vouches for (STIR/SHAKEN, A). Caller ids are easily forged. */
      callerId: z.enum(['attested', 'always']).default('attested'),
      /** Seconds without a word until the caller is asked whether they are still there, and again until the call is ended. */
      silenceSeconds: z.number().min(2).max(120).default(8),
      /** Who speaks and who listens at Vapi, as its API takes them. What it thinks with is ours. */
      vapi: z.object({ voice: z.record(z.string(), z.unknown()).optional(), transcriber: z.record(z.string(), z.unknown()).optional() }).default({}),
    })
    .prefault({}),
  /** Callers who ask for a person are put through to one of these. */
  transfer: z
    .object({
      /** In the order in which they are called. */
      specialists: z
        .array(z.object({ name: z.string().trim().min(1).max(60), phone: z.string().regex(/^\+[1-9]\d{6,14}$/, 'expected a number such as +15550100001') }))
        .max(10).default([]),
      mode: z.enum(['in_order', 'all_at_once']).default('in_order'),
      /** `hold`: the caller waits with music; `stay`: the assistant stays with them until somebody accepts. */
      style: z.enum(['hold', 'stay']).default('hold'),
      /** For which each phone rings. */
      ringSeconds: z.int().min(5).max(120).default(25),
      /** After which nobody is waited for any more. */
      holdSeconds: z.int().min(15).max(1_800).default(180),
      /** A sound file that Twilio can fetch, or pieces of one, played in turn. A word is said between them, so 20 seconds each are best. Quiet chords of ours where nothing is said. */
      holdMusic: z.union([soundFile, z.array(soundFile).min(1).max(30)]).optional(),
      /** A sentence that each specialist hears besides who calls and why. */
      briefing: z.string().trim().min(1).max(300).optional(),
      /** A caller who says just this is put through without asking the model. */
      keywords: z.array(z.string().trim().min(2).max(60)).max(20).default([]),
      /** So is one who presses 0. */
      onZero: z.boolean().default(false),
    })
    .prefault({}),
  /** Calls that we make. */
  outbound: z
    .object({
      /** At the same time, to whomever. */
      atOnce: z.int().min(1).max(500).default(10),
      /** To one number within 24 hours, tries included. */
      perNumberADay: z.int().min(1).max(50).default(4),
      /** For which a phone rings. */
      ringSeconds: z.int().min(5).max(120).default(30),
    })
    .prefault({}),
  /** Incidents, and who is told of them. */
  escalation: z
    .object({
      /** From which urgency on, 1 to 5, what somebody says opens an incident. */
      threshold: z.int().min(1).max(5).default(4),
      /** The policy that is followed where none is named; the oldest one where nothing is said. */
      policyId: z.uuid().optional(),
      /** Called and texted when nobody has taken an incident, or when its ladder stands still. */
      fallback: z.string().regex(/^\+[1-9]\d{6,14}$/, 'expected a number such as +15550100001').optional(),
      /** Within which somebody should have taken an incident. Reports count those that nobody did. */
      slaSeconds: z.int().min(10).max(86_400).default(300),
      /** By which a WhatsApp message about an incident goes to who has not written for 24 hours; `whatsapp.reopenTemplate` where nothing is said. */
      whatsappTemplate: whatsappTemplate.optional(),
      /** The number of ours that calls and texts about incidents come from; the first sender of each kind where nothing is said. */
      sender: z.string().regex(/^\+[1-9]\d{6,14}$/, 'expected a number such as +15550100001').optional(),
    })
    .prefault({}),
  /** When people are there to read what comes in, by the clock in `timeZone`. Days are those on which they begin, 1 is Monday; where `to` is not after `from`, it is on the next day. */
  openingHours: z.array(z.strictObject({ days: z.array(z.int().min(1).max(7)).min(1).max(7), from: timeOfDay, to: timeOfDay })).max(50).optional(),
  /** What is urgent in what comes in, where no turn of the assistant looks at it: a model judges it. */
  triage: z
    .object({
      voicemail: z.boolean().default(true),
      /** What no person has written, or what nobody answers. */
      email: z.boolean().default(true),
      /** What is written to people, who have the conversation or are waited for. `closed`: outside the opening hours, where some are given. */
      messages: z.enum(['never', 'closed', 'always']).default('closed'),
      /** Addresses and domains whose mails are judged although they go to many: of monitoring systems that bear the marks of a mailing list. */
      watchedSenders: z.array(z.string().trim().min(3).max(254)).max(100).default([]),
      /** Of a voicemail that could not be written down, and was left when nobody is there. */
      unwrittenUrgency: z.int().min(1).max(5).default(3),
      /** Questions to the model, for each kind of message. */
      requestsPerHour: z.int().min(0).max(100_000).default(200),
      tokensPerHour: z.int().min(0).max(100_000_000).default(500_000),
      /** Incidents by mails whose sender nobody vouches for: who forges senders wakes nobody more often. */
      unprovedPerHour: z.int().min(0).max(1_000).default(6),
      /** The same by callers whose number is not proved, and by visitors of web chat who have not shown who they are. */
      strangersPerHour: z.int().min(0).max(1_000).default(20),
    })
    .prefault({}),
  /** By the clock where the person is, nothing goes out in these hours but answers, alerts and what colleagues write. */
  quietHours: z.object({ from: timeOfDay, to: timeOfDay }).optional().meta({ examples: [{ from: '21:00', to: '08:00' }] }),
  /** A conversation without a word for this long is closed. */
  idleCloseHours: z.number().min(0.1).max(24 * 90).default(72),
  /** A conversation that waited this long for staff goes back to the assistant, once for each question. */
  queueTimeoutMinutes: z.number().min(1).max(60 * 24 * 14).default(24 * 60),
  /** A staff member who has not written for this long hands back to the assistant. */
  staffTimeoutMinutes: z.number().min(1).max(60 * 24 * 14).default(24 * 60),
});
export type TenantSettings = z.infer<typeof tenantSettingsSchema>;

export interface Tenant {
  id: string;
  name: string;
  accountSid: string;
  isDefault: boolean;
  settings: TenantSettings;
  createdAt: Date;
}

/** What may speak to those who call a sender: see the room of the same name. */
export const voiceEngines = ['relay', 'realtime', 'vapi'] as const;
export type VoiceEngine = (typeof voiceEngines)[number];

export type SenderChannel = 'sms' | 'whatsapp' | 'rcs' | 'voice' | 'email';

/** One of our addresses: a number, a WhatsApp or RCS sender, a mailbox. */
export interface Sender {
  id: string;
  tenantId: string;
  accountSid: string;
  channel: SenderChannel;
  address: string;
  messagingServiceSid: string | null;
  messagesPerSecond: number | null;
  label: string | null;
  /** Of a sender of the channel `voice`; null of all others. */
  engine: VoiceEngine | null;
  origin: 'api' | 'webhook' | 'seed';
  /** Texts to this sender up to here are in the record, whether or not their webhooks came. */
  caughtUpUntil: Date | null;
  createdAt: Date;
}

/** Who is calling the management API, as the token says. */
export interface Caller {
  tenantId: string;
  /** The bootstrap token: may also make tenants and choose one by header. */
  isAdmin: boolean;
}

/** An instant in an answer of the management API. */
export const instant = z
  .date()
  .transform((date) => date.toISOString())
  .pipe(z.string().meta({ format: 'date-time', description: 'Instant, UTC', examples: ['2026-01-05T09:00:00.000Z'] }));

const UUID_KEY = /^[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}$/;

export const pageLimit = z.coerce.number().int().min(1).max(200).default(50).meta({ description: 'Entries in one answer, 1 to 200' });

/**
 * The query of every list: how many, and after which entry.
 *
 * @param key what the ids in the list look like; a cursor of another list is refused
 */
export function pageQuery(key = UUID_KEY) {
  return z.strictObject({
    limit: pageLimit,
    cursor: z
      .string()
      .optional()
      .transform((text, context): Cursor | null => {
        if (text === undefined) return null;
        const cursor = cursorIn(text);
        if (cursor && key.test(cursor.id)) return cursor;
        context.addIssue('not a cursor that this list gave out');
        return z.NEVER;
      })
      .meta({ description: '`nextCursor` of the answer before; leave it away to start with the oldest entry' }),
  });
}
export type PageQuery = z.output<ReturnType<typeof pageQuery>>;

function cursorIn(text: string): Cursor | null {
  try {
    return decodeCursor(text);
  } catch {
    return null;
  }
}

/** One answer of a list, oldest entries first. */
export const pageSchema = <T extends z.ZodType>(item: T) =>
  z.object({ items: z.array(item), nextCursor: z.string().nullable().meta({ description: 'null: this was the last page' }) });
