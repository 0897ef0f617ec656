interface Outcome {
  outcome: string;
  label: string;
  why: string;
  /** The channel that it is about, where it is not about all. */
  only?: string;
}

/** How a phone takes what we send to it, in the order of the menu. */
const outcomes: Outcome[] = [
  { outcome: 'delivered', label: 'Delivers', why: 'sent, then delivered' },
  { outcome: 'read', label: 'Delivers and reads', why: 'a read receipt follows' },
  { outcome: 'undelivered:30003', label: 'Switched off', why: 'undelivered, error 30003' },
  { outcome: 'failed:30005', label: 'Unknown number', why: 'failed, error 30005' },
  { outcome: 'rejected:21211', label: 'Twilio refuses it', why: 'answered with 400, error 21211' },
  { outcome: 'undelivered:63036', label: 'Has no RCS', why: 'the text falls to SMS', only: 'rcs' },
  { outcome: 'silent', label: 'Never reports back', why: 'accepted, then no receipt at all' },
];

/** Those that mean something on this channel. */
export const outcomesOn = (channel: string): Outcome[] => outcomes.filter(({ only }) => !only || only === channel);

const byName = new Map<string, Outcome>(outcomes.map((each) => [each.outcome, each]));

export const outcomeLabel = (outcome: string): string => byName.get(outcome)?.label ?? outcome;

export const firstTexts = [
  'What are your opening hours?',
  "I'd like to book an appointment on Friday morning",
  "I'd like to speak to a person",
  'I have chest pain',
  'Hello! We have just moved here with two children, 4 and 7. Are you taking new patients, do you see children, what should we '
    + 'bring to the first visit, and is there parking near the practice? The little one is a bit afraid of doctors.',
];

export const keywords = ['STOP', 'START', 'HELP'];
