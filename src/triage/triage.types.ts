export const matches = ['words', 'prefix'] as const;

/** Words that make whatever is said with them urgent, for one tenant. */
export interface AlarmWord {
  id: string;
  /** One word or several, as the tenant wrote them. */
  term: string;
  /** 1 to 5. It can only raise what is known otherwise. */
  urgency: number;
  /** `prefix`: the last word may go on. */
  match: (typeof matches)[number];
  /** Only in texts of these, as far as one can tell: `de`. In all of them where it is empty. */
  languages: string[];
  /** Grows with every change. */
  version: number;
  createdAt: Date;
  changedAt: Date;
}

/**
 * Who says how urgent something is: `words` of the house's list or the tenant's; the `model`, where no turn looks at it; the `assistant`, in a turn; a `rule`, by
 * what a mail or a voicemail is; `nobody`, when the model could not be had. `pending`: it is asked again.
 */
export const judges = ['words', 'model', 'assistant', 'rule', 'nobody', 'pending'] as const;
export type Judge = (typeof judges)[number];

/** How urgent somebody's words are, and why. One of a judge for a message. */
export interface Verdict {
  id: string;
  tenantId: string;
  conversationSid: string;
  /** The messages that it is about: the customer's from the first to the second, which the verdict is known by. */
  fromSeq: number;
  seq: number;
  judge: Judge;
  /** 1 to 5; null where nobody could say. */
  urgency: number | null;
  reasons: string[];
  /** Nothing vouches for the address that it came from. */
  isUnproved: boolean;
  /** What the model was, and which prompt it was given: the beginning of a digest. */
  model: string | null;
  promptVersion: string | null;
  latencyMs: number | null;
  inputTokens: number | null;
  outputTokens: number | null;
  tries: number;
  /** When it was let through to the people on call, where nobody vouches for its sender. */
  letThroughAt: Date | null;
  /** The incident that it opened or joined. */
  incidentId: string | null;
  /** Why nothing came of it, although it is urgent. */
  withheld: string | null;
  createdAt: Date;
}

export type NewVerdict = Omit<Verdict, 'id' | 'tenantId' | 'letThroughAt' | 'incidentId' | 'withheld' | 'createdAt'>;

/** Of a verdict for which no model was asked. */
export const unasked = { model: null, promptVersion: null, latencyMs: null, inputTokens: null, outputTokens: null, tries: 1 };
