import type { Heard, PhoneCall, Said } from '../live/simulator.types.js';

/** One line on the screen of a phone that somebody calls with. */
export interface Caption {
  key: string;
  /** `sound`: no words. */
  by: 'them' | 'me' | 'sound';
  text: string;
  /** What there is to say about it. */
  remark: string | undefined;
  at: string;
  /** It is being said. */
  isLive: boolean;
}

const sounds: Partial<Record<Heard['kind'], string>> = { beep: 'Beep', music: 'Music', play: 'A sound file', ring: 'It rings', busy: 'Busy tone' };

/** Of words that are being said, the last one may not be whole yet. */
const wholeWords = (text: string): string => text.replace(/(\s)\S+$/, '$1').trim();

/** Nothing is shown of what nobody would notice: silence, and words of which nothing has sounded yet. */
function ofHeard({ kind, text, at, until, isCut }: Heard, index: number): Caption | null {
  const shown = { key: `heard ${index}`, at, isLive: until === null };
  if (kind === 'tone') return { ...shown, by: 'sound', text: `Tones ${text}`, remark: undefined };
  const sound = sounds[kind];
  if (sound !== undefined) return { ...shown, by: 'sound', text: sound, remark: undefined, isLive: false };
  if (kind === 'silence' || text.trim() === '') return null;
  return { ...shown, by: 'them', text: shown.isLive ? wholeWords(text) : text.trim(), remark: isCut ? 'interrupted' : undefined };
}

function ofSaid({ kind, text, at, takenBy }: Said, index: number): Caption {
  const isKeys = kind === 'keys';
  return { key: `said ${index}`, by: 'me', text: isKeys ? `Pressed ${text}` : text, remark: takenBy === null ? 'nobody was listening' : undefined, at, isLive: false };
}

/** Both sides of a call, in the order in which they began; who is interrupted began before who interrupts. */
export function captions(heard: readonly Heard[], said: readonly Said[]): Caption[] {
  const theirs = heard.map(ofHeard).filter((each) => each !== null);
  return [...theirs, ...said.map(ofSaid)].sort((a, b) => Date.parse(a.at) - Date.parse(b.at));
}

const waits: readonly PhoneCall['status'][] = ['queued', 'ringing'];

export const isUnderWay = ({ status }: PhoneCall): boolean => waits.includes(status) || status === 'in-progress';

/** Somebody calls this phone, and it rings. */
export const ringsAt = (call: PhoneCall | undefined): boolean => call?.direction !== 'inbound' && call?.status === 'ringing';

/** `1:05` */
export function minutesSeconds(ms: number): string {
  const seconds = Math.max(0, Math.floor(ms / 1_000));
  return `${Math.floor(seconds / 60)}:${String(seconds % 60).padStart(2, '0')}`;
}

/** How long people spoke; null where nobody answered. */
function talkedMs({ answeredAt, endedAt }: PhoneCall, now: Date): number | null {
  return answeredAt === null ? null : (endedAt === null ? now.getTime() : Date.parse(endedAt)) - Date.parse(answeredAt);
}

const ends: Partial<Record<PhoneCall['status'], string>> = { busy: 'declined, or busy', 'no-answer': 'not answered', canceled: 'given up', failed: 'failed' };

/** What stands below the name on the screen of the phone. */
export function stateWords(call: PhoneCall, now: Date): string {
  if (call.status === 'in-progress') return minutesSeconds(talkedMs(call, now) ?? 0);
  if (isUnderWay(call)) return call.direction === 'inbound' ? 'Calling…' : 'Calls you';
  const talked = talkedMs(call, now);
  return talked === null ? `Call ${ends[call.status] ?? 'ended'}` : `Call ended · ${minutesSeconds(talked)}`;
}

/** A line between the messages of a thread. */
export interface CallMark {
  key: string;
  text: string;
  at: string;
}

/** Where a call began and where it ended, oldest first. */
export function callMarks(calls: readonly PhoneCall[]): CallMark[] {
  const marks = calls.flatMap((call) => {
    const { callSid, startedAt, endedAt, direction } = call;
    const began = startedAt === null ? [] : [{ key: `${callSid} began`, text: direction === 'inbound' ? 'Phone call' : 'Phone call from us', at: startedAt }];
    if (endedAt === null) return began;
    const talked = talkedMs(call, new Date(endedAt));
    const text = talked === null ? `Phone call ${ends[call.status] ?? 'ended'}` : `Phone call ended · ${minutesSeconds(talked)}`;
    return [...began, { key: `${callSid} ended`, text, at: endedAt }];
  });
  return marks.sort((a, b) => Date.parse(a.at) - Date.parse(b.at));
}

/** Messages keep their order; each mark stands before the first one that came later. */
export function withMarks<M extends { createdAt: string }>(messages: readonly M[], marks: readonly CallMark[]): (M | CallMark)[] {
  const left = [...marks];
  const all = messages.flatMap((message): (M | CallMark)[] => {
    const due = left.filter(({ at }) => Date.parse(at) <= Date.parse(message.createdAt));
    left.splice(0, due.length);
    return [...due, message];
  });
  return [...all, ...left];
}
