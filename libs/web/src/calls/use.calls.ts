import { useState } from 'react';
import { useSandbox } from '../live/sandbox.context.js';
import type { Heard, PhoneCall, Said } from '../live/simulator.types.js';
import { useLive } from '../live/use.live.js';
import { type Caption, captions, isUnderWay } from './call.words.js';

/** What is said grows word by word, and nothing tells of each of them. */
const LISTEN_MS = 300;

export interface Calls {
  list: PhoneCall[];
  refresh: () => Promise<void>;
}

/** All phone calls, oldest first. */
export function useCalls(): Calls {
  const { api } = useSandbox();
  const { data, refresh } = useLive({ key: 'calls', read: () => api.control<PhoneCall[]>('calls'), wakeOn: ['call'], everyMs: 15_000 });
  return { list: data ?? [], refresh };
}

/** Those that this phone makes or gets. */
export const callsOf = (calls: readonly PhoneCall[], address: string): PhoneCall[] => calls.filter(({ from, to }) => from === address || to === address);

export interface Shown {
  call: PhoneCall | undefined;
  /** It goes on behind the messages. */
  isAway: boolean;
  open: (callSid: string) => void;
  putAway: () => void;
}

/** The call on a phone's screen: the one under way, then how it ended, until that is put away. */
export function useShown(calls: readonly PhoneCall[]): Shown {
  const [kept, setKept] = useState<string>();
  const [away, setAway] = useState<string>();
  const live = calls.findLast(isUnderWay);
  if (live && live.callSid !== kept) setKept(live.callSid);
  const call = live ?? calls.find(({ callSid }) => callSid === kept && callSid !== away);
  const open = (callSid: string): void => {
    setKept(callSid);
    setAway(undefined);
  };
  return { call, isAway: call !== undefined && call.callSid === away, open, putAway: () => setAway(call?.callSid) };
}

export interface Line {
  lines: Caption[];
  error: string | undefined;
  refresh: () => Promise<void>;
}

/** What is heard and said on this phone. */
export function useLine(call: PhoneCall): Line {
  const { api } = useSandbox();
  const { callSid } = call;
  const { data, error, refresh } = useLive({
    key: `line ${callSid}`,
    read: async () => captions(...await Promise.all([api.control<Heard[]>(`calls/${callSid}/heard`), api.control<Said[]>(`calls/${callSid}/said`)])),
    wakeOn: ['call', 'heard'],
    everyMs: isUnderWay(call) ? LISTEN_MS : 60_000,
  });
  return { lines: data ?? [], error, refresh };
}
