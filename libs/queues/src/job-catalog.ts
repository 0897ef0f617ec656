import { z } from 'zod';

/**
 * Every job of the house in one place. A payload carries ids only: the handler reads the row again and does
 * nothing if the state has moved on. A job's name is the name of its queue.
 */
export interface JobSpec {
  payload: z.ZodType<Record<string, unknown>>;
  /** How many are worked on at once in one process. */
  concurrency: number;
  /** After this long without an end, the job's worker is taken for dead and the job is given to another. */
  visibilityMs: number;
  /** Unexpected errors before the job is set aside for people to look at. */
  attempts: number;
  /** First wait after an unexpected error; doubles each time, with jitter, up to five minutes. */
  backoffMs: number;
  /**
   * A timer that may be some seconds late and is mostly cancelled by life before it is due: it waits in its row, and
   * the sweep hands it over when it is time. Others go to BullMQ at once and are on time.
   */
  coarse?: boolean;
  /** Nobody waits for it: rows are gathered for so many milliseconds and reach the queue together. Default: 0. */
  gatherMs?: number;
}

/** For jobs that nothing else would ask for again. People are woken by their failures (`throughline_outbox_jobs`). */
const NEVER_GIVES_UP = 1_000_000;

const conversation = z.object({ conversationSid: z.string() });
const call = z.object({ callSid: z.string() });

export const jobCatalog = {
  /**
   * A stored webhook of somebody we do not know yet: make the Conversation, then receive the message. Nobody
   * but the customer knows of that message.
   */
  'inbox.receive': {
    payload: z.object({ inboxId: z.uuid() }),
    concurrency: 10, visibilityMs: 30_000, attempts: NEVER_GIVES_UP, backoffMs: 500,
  },
  /** Answer the customer, if the assistant still owns the conversation and nothing newer has been said. */
  'assistant.turn': {
    payload: conversation.extend({ upToSeq: z.int() }),
    concurrency: 30, visibilityMs: 90_000, attempts: 5, backoffMs: 1_000,
  },
  /** The person wants something forgotten: the audit of the tools keeps no words of it either. */
  'tools.forget': {
    payload: conversation,
    concurrency: 2, visibilityMs: 30_000, attempts: NEVER_GIVES_UP, backoffMs: 1_000,
  },
  /** Send a message that was said to the customer's address. */
  'delivery.send': {
    payload: z.object({ messageId: z.uuid() }),
    concurrency: 20, visibilityMs: 45_000, attempts: 20, backoffMs: 1_000,
  },
  /** Ask the provider about a message whose receipt is overdue. */
  'delivery.check': {
    payload: z.object({ deliveryId: z.uuid() }),
    concurrency: 5, visibilityMs: 30_000, attempts: 10, backoffMs: 5_000, coarse: true,
  },
  /** Fetch what customers wrote while our webhook could not be reached. */
  'channels.catch_up': {
    payload: z.object({}),
    concurrency: 1, visibilityMs: 300_000, attempts: NEVER_GIVES_UP, backoffMs: 30_000, coarse: true,
  },
  /** Copy the conversation's new messages into the Twilio Conversation, in order. Staff who work there wait for them. */
  'conversations.mirror': {
    payload: conversation,
    concurrency: 10, visibilityMs: 45_000, attempts: NEVER_GIVES_UP, backoffMs: 1_000, gatherMs: 50,
  },
  /** Compare recent Conversations with the record, because Conversations webhooks are not retried. */
  'conversations.reconcile': {
    payload: z.object({}),
    concurrency: 1, visibilityMs: 300_000, attempts: NEVER_GIVES_UP, backoffMs: 30_000, coarse: true,
  },
  /** A message in a Conversation that Twilio made by itself (autocreation): take it in once, close that Conversation. */
  'conversations.adopt': {
    payload: z.object({ foreignSid: z.string(), serviceSid: z.string().optional(), messageSid: z.string() }),
    concurrency: 2, visibilityMs: 30_000, attempts: 20, backoffMs: 1_000,
  },
  /** Close a conversation in which nothing happened for long, or take back one that waited too long for staff. */
  'conversations.clock': {
    payload: conversation.extend({ epoch: z.int() }),
    concurrency: 5, visibilityMs: 30_000, attempts: NEVER_GIVES_UP, backoffMs: 1_000, coarse: true,
  },
  /** A code has shown that two contacts are one person: the one whose number it is, and the one who read the code. */
  'conversations.unite': {
    payload: z.object({ contactId: z.uuid(), ownerId: z.uuid() }),
    concurrency: 2, visibilityMs: 30_000, attempts: NEVER_GIVES_UP, backoffMs: 1_000,
  },
  /** Make the Conversation of somebody new who is on the phone: they are listening, so it is tried often. */
  'calls.open': {
    payload: call, concurrency: 10, visibilityMs: 30_000, attempts: NEVER_GIVES_UP, backoffMs: 250,
  },
  /** Write into the Conversation whether its person is on the phone. */
  'calls.show': {
    payload: conversation, concurrency: 5, visibilityMs: 30_000, attempts: 20, backoffMs: 2_000,
  },
  /** Ask Twilio about a call whose end may have been missed. */
  'calls.check': {
    payload: call, concurrency: 5, visibilityMs: 30_000, attempts: NEVER_GIVES_UP, backoffMs: 30_000, coarse: true,
  },
  /** Write down what was said on voicemail, and put it into the thread. Nobody else would. */
  'calls.voicemail': {
    payload: z.object({ recordingSid: z.string() }), concurrency: 4, visibilityMs: 120_000, attempts: NEVER_GIVES_UP, backoffMs: 2_000,
  },
  /** A call has ended: whatever went on around it ends too. */
  'calls.over': {
    payload: call, concurrency: 10, visibilityMs: 30_000, attempts: NEVER_GIVES_UP, backoffMs: 500,
  },
  /** The next step of a call that we make: begin it, when its time has come, or do at Twilio what its row says. */
  'outbound.drive': {
    payload: z.object({ outboundCallId: z.uuid() }), concurrency: 20, visibilityMs: 30_000, attempts: NEVER_GIVES_UP, backoffMs: 1_000,
  },
  /** Vapi is out of a call: note that the call is over, where it is, and have nothing of it kept there. */
  'vapi.close': {
    payload: z.object({ vapiId: z.string() }), concurrency: 5, visibilityMs: 30_000, attempts: 40, backoffMs: 2_000, coarse: true,
  },
  /** Do at Twilio what the rows of a transfer say: move the caller, call a specialist, end a call. The caller waits for it. */
  'transfer.drive': {
    payload: z.object({ transferId: z.uuid() }), concurrency: 20, visibilityMs: 30_000, attempts: NEVER_GIVES_UP, backoffMs: 500,
  },
  /** The limit of a transfer's state, or of the caller's patience. */
  'transfer.clock': {
    payload: z.object({ transferId: z.uuid(), epoch: z.int() }), concurrency: 10, visibilityMs: 30_000, attempts: NEVER_GIVES_UP, backoffMs: 500,
  },
  /** The next step of an incident, or others on call in the middle of one. An alarm: it is on time. */
  'escalation.climb': {
    payload: z.object({ incidentId: z.uuid(), epoch: z.int() }), concurrency: 20, visibilityMs: 30_000, attempts: NEVER_GIVES_UP, backoffMs: 250,
  },
  /** Words that leave no doubt: note it, and report it where the tenant's threshold is reached. */
  'triage.heard': {
    payload: conversation.extend({ seq: z.int() }), concurrency: 10, visibilityMs: 30_000, attempts: NEVER_GIVES_UP, backoffMs: 250,
  },
  /** Ask the model how urgent something is that no turn looks at. */
  'triage.judge': {
    payload: conversation.extend({ seq: z.int() }), concurrency: 5, visibilityMs: 60_000, attempts: NEVER_GIVES_UP, backoffMs: 1_000,
  },
  /** One text or call about an incident: send it, place it, or end it. */
  'escalation.alert': {
    payload: z.object({ attemptId: z.uuid() }), concurrency: 30, visibilityMs: 30_000, attempts: NEVER_GIVES_UP, backoffMs: 500,
  },
  /** Look whether an incident stands still, by another clock than the one that moves it. */
  'escalation.watch': {
    payload: z.object({ incidentId: z.uuid() }), concurrency: 5, visibilityMs: 30_000, attempts: NEVER_GIVES_UP, backoffMs: 5_000, coarse: true,
  },
  /** A drill is due. */
  'drills.due': {
    payload: z.object({ drillId: z.uuid(), number: z.int() }), concurrency: 2, visibilityMs: 30_000, attempts: NEVER_GIVES_UP, backoffMs: 5_000, coarse: true,
  },
  /** Open the incident of a drill. */
  'drills.begin': {
    payload: z.object({ runId: z.uuid() }), concurrency: 2, visibilityMs: 30_000, attempts: NEVER_GIVES_UP, backoffMs: 1_000,
  },
  /** Somebody has taken an incident: whoever waits for them is told by name. Looked at again until they have been. */
  'callback.tell': {
    payload: z.object({ incidentId: z.uuid() }), concurrency: 10, visibilityMs: 30_000, attempts: NEVER_GIVES_UP, backoffMs: 500,
  },
  /** Who has an incident has asked, by text, to be connected with the person. */
  'callback.connect': {
    payload: z.object({ incidentId: z.uuid(), attemptId: z.uuid(), replySid: z.string() }), concurrency: 10, visibilityMs: 30_000, attempts: NEVER_GIVES_UP, backoffMs: 500,
  },
  /** Do at Twilio what the row of a callback says: call one of the two, fetch them, tell them, or let them go. */
  'callback.drive': {
    payload: z.object({ callbackId: z.uuid() }), concurrency: 20, visibilityMs: 30_000, attempts: NEVER_GIVES_UP, backoffMs: 500,
  },
  /** The limit of a callback's state. */
  'callback.clock': {
    payload: z.object({ callbackId: z.uuid(), epoch: z.int() }), concurrency: 10, visibilityMs: 30_000, attempts: NEVER_GIVES_UP, backoffMs: 500,
  },
  /** Fetch and keep what a customer attached to a message. */
  'media.fetch': {
    payload: z.object({ messageId: z.uuid() }),
    concurrency: 4, visibilityMs: 90_000, attempts: 40, backoffMs: 2_000,
  },
  /** Remove a file that staff handed in, or a visitor brought, and did not send. */
  'media.drop': {
    payload: z.object({ uploadId: z.uuid() }),
    concurrency: 2, visibilityMs: 60_000, attempts: NEVER_GIVES_UP, backoffMs: 30_000, coarse: true,
  },
  /** The next step of erasing a person: here, at Twilio, and the search whether anything is left. */
  'privacy.erase': {
    payload: z.object({ erasureId: z.uuid() }),
    concurrency: 2, visibilityMs: 120_000, attempts: NEVER_GIVES_UP, backoffMs: 1_000,
  },
  /** Once a day: what the tenant keeps no longer goes. */
  'privacy.retain': {
    payload: z.object({}),
    concurrency: 1, visibilityMs: 300_000, attempts: NEVER_GIVES_UP, backoffMs: 30_000, coarse: true,
  },
  /** Fold what no longer fits into the prompt into the rolling summary. */
  'memory.summarise': {
    payload: conversation,
    concurrency: 2, visibilityMs: 120_000, attempts: 5, backoffMs: 5_000,
  },
} as const satisfies Record<string, JobSpec>;

export const gatherMsOf = (name: JobName): number => (jobCatalog[name] as JobSpec).gatherMs ?? 0;

export const isCoarse = (name: JobName): boolean => (jobCatalog[name] as JobSpec).coarse === true;

export type JobName = keyof typeof jobCatalog;
export type JobPayload<N extends JobName> = z.infer<(typeof jobCatalog)[N]['payload']>;
export const jobNames = Object.keys(jobCatalog) as JobName[];

/** What travels through BullMQ: who it belongs to, the outbox row behind it, the ids. */
export interface JobEnvelope {
  version: 1;
  /** How far the clock was ahead of the wall clock when the queue got the job, in milliseconds. */
  shiftMs: number;
  tenantId: string;
  outboxId: string;
  payload: Record<string, unknown>;
}
