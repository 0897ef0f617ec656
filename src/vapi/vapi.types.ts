/** One call at Vapi. A call of ours may be several of them: somebody who comes back from a specialist gets a new one. */
export interface VapiCallRow {
  vapiId: string;
  tenantId: string;
  callSid: string;
  /** Where it can be told something. Null: nowhere. */
  controlUrl: string | null;
  /** What it says first. */
  greeting: string;
  createdAt: Date;
  /** Since when somebody is on the line. */
  begunAt: Date | null;
  endedAt: Date | null;
  /** Vapi keeps nothing of it any more. */
  removedAt: Date | null;
}

/** Who has sent a request: whoever shows a ticket speaks of that call only; whoever knows the secret, of all that Vapi has. */
export type Proof = { callSid: string } | 'secret';
