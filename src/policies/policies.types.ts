/** How somebody is told of an incident. */
export const alertChannels = ['voice', 'sms'] as const;
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
