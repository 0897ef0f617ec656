/** How somebody is told of an incident. */
export const alertChannels = ['voice', 'sms', 'whatsapp', 'email'] as const;
export type AlertChannel = (typeof alertChannels)[number];

/** Whom a step reaches: who is on call in a schedule, one person, or everybody who works for the tenant. */
export type Target = { kind: 'schedule'; scheduleId: string } | { kind: 'staff'; staffId: string } | { kind: 'all' };

export interface Step {
  targets: Target[];
  /** Used all at once. */
  channels: AlertChannel[];
  /** From when it begins until the next one does. */
  waitSeconds: number;
}

/** Who is told, and in which order. */
export interface Policy {
  id: string;
  name: string;
  steps: Step[];
  /** How often all the steps are gone through. */
  rounds: number;
  /** Within which somebody should have taken an incident; null: as the tenant has it. */
  slaSeconds: number | null;
  /** Grows with every change. */
  version: number;
  createdAt: Date;
  changedAt: Date;
}

/**
 * What an alert may say besides that there is one. `code` comes with the link and takes the incident; `callback` is whom to call back; `source` what or
 * who reported it; `reason` why, which may be what somebody said; `name` what the customer is called.
 */
export const dataClasses = ['code', 'callback', 'urgency', 'source', 'reason', 'name'] as const;
export type DataClass = (typeof dataClasses)[number];

/** What may be said on which channel. */
export interface AlertPrivacy {
  allowed: Record<AlertChannel, DataClass[]>;
  /** Why it is so; null of what the house does by itself. */
  reason: string | null;
  /** 0 until it is changed; grows with every change. */
  version: number;
  changedAt: Date | null;
}
