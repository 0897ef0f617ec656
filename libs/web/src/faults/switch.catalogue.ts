export interface SwitchWords {
  label: string;
  why: string;
  /** Where only certain values make sense. */
  choices?: (string | number)[];
}

/** Plain words for the simulator's switches. One that is not listed here is shown under its own name. */
const words: Record<string, SwitchWords> = {
  stepMs: { label: 'Pace of receipts', why: 'Milliseconds between queued, sent, delivered and read.' },
  speechMsPerChar: { label: 'Pace of speech', why: 'Milliseconds that a character takes to be said to a caller.' },
  advancedOptOut: { label: 'Advanced opt-out', why: 'Webhooks carry OptOutType for STOP, START and HELP.' },
  whatsappWindow: { label: 'WhatsApp 24-hour window', why: 'Free text later than 24 h after the customer fails with 63016.' },
  apsLimit: { label: 'Conversations rate limit', why: 'Changes a second for one Conversation; 30 at Twilio, 0 for none.' },
  listDelayMs: { label: 'Lists lag behind', why: 'Milliseconds until a new message appears in a list.' },
  hookRetries: { label: 'Conversations webhook retries', why: 'After a time-out, 429, 503 or 504.', choices: [0, 1, 2, 3] },
  indexGap: { label: 'Gaps in the message index', why: 'How many numbers are skipped each time.' },
  classicDuplicate: { label: 'Also the number’s own webhook', why: 'Fires although a Conversation took the message.' },
  autocreateAlsoClassic: { label: 'Same, when it made the Conversation', why: 'With automatic creation on.' },
  preHooksOnRest: { label: 'Pre-event webhooks for REST', why: 'Also for calls that ask for webhooks.' },
  bothHookScopes: { label: 'Account and service webhooks', why: 'Both fire, not the service’s alone.' },
  defaultFilters: { label: 'A webhook without filters hears', why: 'Which events reach it.', choices: ['none', 'all'] },
  inactiveOccupiesPair: { label: 'Inactive keeps its addresses', why: 'An inactive Conversation still owns its pair of addresses.' },
  timersNeedState: { label: 'Timers need a state', why: 'Creating with timers alone is refused with 50382.' },
  timersResetOn: { label: 'Timers start again on', why: 'What counts as activity.', choices: ['message', 'any'] },
  closedStatus: { label: 'Writing to a closed one answers', why: 'HTTP status next to error 50377.', choices: [400, 409] },
  unknownConversationCode: { label: 'Unknown Conversation answers', why: 'Error code next to 404.', choices: [20404, 50350] },
  conversationBodyLimit: { label: 'Longest Conversation message', why: 'Characters of a body.' },
  whatsappSource: { label: 'Source of WhatsApp events', why: 'What Conversations webhooks call it.' },
  messagingTimeoutMs: { label: 'Patience with the hub: texts', why: 'Milliseconds until a messaging webhook is given up.' },
  conversationsTimeoutMs: { label: 'Patience with the hub: Conversations', why: 'Milliseconds until such a webhook is given up.' },
};

export const switchWords = (name: string): SwitchWords => words[name] ?? { label: name, why: '' };

/** Ours first and in our order, then the rest. */
export function switchOrder(names: string[]): string[] {
  const known = Object.keys(words);
  return [...known.filter((name) => names.includes(name)), ...names.filter((name) => !known.includes(name))];
}
