import type { Tx } from '@throughline/database/database.js';
import { isTimeZone, type WeeklyHours } from '@throughline/kernel/wall-clock.js';
import { z } from 'zod';
import { instant, pageSchema } from '../tenancy/tenancy.types.js';

export const methodChannels = ['sms', 'voice', 'whatsapp', 'email'] as const;
export type MethodChannel = (typeof methodChannels)[number];

/** One way to reach a staff member. It is used only once a code has shown that it is theirs. */
export interface ContactMethod {
  id: string;
  staffId: string;
  channel: MethodChannel;
  /** A number as `+15550100001`, or an e-mail address. */
  address: string;
  verifiedAt: Date | null;
  createdAt: Date;
}

/** Somebody who works for the tenant. */
export interface StaffMember {
  id: string;
  name: string;
  /** IANA name: where `doNotDisturb` is read off the wall. */
  timeZone: string;
  /** In these hours only what is urgent reaches them. */
  doNotDisturb: WeeklyHours[];
  /** Where an import has them from: `opsgenie:b5b92115`. */
  externalRef: string | null;
  /** Grows with every change. */
  version: number;
  createdAt: Date;
  changedAt: Date;
}

export interface StaffMemberWithMethods extends StaffMember {
  /** In the order in which they are tried. */
  contactMethods: ContactMethod[];
}

export type NewStaffMember = Pick<StaffMember, 'name' | 'timeZone' | 'doNotDisturb' | 'externalRef'> & { contactMethods: Pick<ContactMethod, 'channel' | 'address'>[] };

/** Why a contact method is not used. */
export type Trouble = 'unverified' | 'opted_out';

/** How somebody is reached: what a schedule needs to know of them. */
export interface Reach extends Pick<StaffMember, 'id' | 'name' | 'timeZone' | 'doNotDisturb'> {
  /** All of them, in the order in which they are tried; only those without trouble are. */
  methods: (Pick<ContactMethod, 'id' | 'channel' | 'address'> & { trouble: Trouble | null })[];
}

/** Who does something, for the log, and with which key: the same key twice is one thing. */
export interface Doing {
  by?: string | undefined;
  key?: string | undefined;
}

/** Why somebody cannot be removed, in words; null when nothing speaks against it. */
export type Objection = (tx: Tx, staffId: string) => Promise<string | null>;

export const timeZoneName = z.string().max(60).refine(isTimeZone, 'expected an IANA time zone such as Europe/Berlin').meta({ examples: ['Europe/Berlin'] });

const timeOfDay = z.string().regex(/^([01]\d|2[0-3]):[0-5]\d$/, 'expected a time such as 21:00').meta({ examples: ['21:00'] });

/** Hours of some days of the week, in a request and in an answer. */
export const weeklyHours = z
  .strictObject({
    days: z.array(z.int().min(1).max(7)).min(1).max(7).meta({ description: 'On which they begin: 1 is Monday, 7 is Sunday' }), from: timeOfDay,
    to: timeOfDay.meta({ description: 'Not included. Where it is not after `from`, on the next day; the same time is a whole day', examples: ['07:00'] }),
  })
  .meta({ id: 'WeeklyHours' });

export const byWhom = z.string().trim().min(1).max(100).optional().meta({ description: 'Who does it, for the log', examples: ['Dana'] });
export const byQuery = z.strictObject({ by: byWhom });
export type ByQuery = z.output<typeof byQuery>;

export const versionRead = z.int().min(1).meta({ description: 'As it was read: who has another one is refused' });

/** What was changed about something, as it is answered. */
export const changesSchema = pageSchema(
  z
    .object({
      id: z.string().meta({ format: 'uuid' }), machine: z.string(), fromState: z.string(), toState: z.string(),
      cause: z.string().meta({ description: 'What, and by whom where they said so' }), at: instant,
    })
    .meta({ id: 'Change' }),
).meta({ id: 'Changes' });
