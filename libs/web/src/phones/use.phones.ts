import { useCallback, useEffect, useMemo, useState } from 'react';
import { explain } from '../live/api.js';
import { useSandbox } from '../live/sandbox.context.js';
import type { OwnNumber, Phone } from '../live/simulator.types.js';
import { useLive } from '../live/use.live.js';
import { FIRST_PERSON, newPerson, people, received, SPECIALIST } from './people.js';

export interface Phones {
  list: Phone[] | undefined;
  numbers: OwnNumber[] | undefined;
  error: string | undefined;
  chosen: Phone | undefined;
  /** Whose phone, or mail, was asked for. */
  choice: string | undefined;
  /** Messages that came in while somebody else's phone was looked at. */
  unread: (phone: Phone) => number;
  choose: (address: string) => void;
  add: () => Promise<void>;
  refresh: () => Promise<void>;
}

type ApiAsk = ReturnType<typeof useSandbox>['api'];

const listOf = <T>(answer: T[] | { [name: string]: T[] }): T[] => (Array.isArray(answer) ? answer : (Object.values(answer)[0] ?? []));

/** There is always somebody: the first visitor finds Maya's phone charged and waiting. */
async function readPhones(api: ApiAsk): Promise<Phone[]> {
  const found = people(listOf(await api.control<Phone[]>('phones')));
  if (found.length > 0) return found;
  for (const person of [FIRST_PERSON, SPECIALIST]) await api.control('phones', { ...person, outcome: 'delivered' });
  return people(listOf(await api.control<Phone[]>('phones')));
}

function useChoice(): [string | undefined, (address: string) => void] {
  const [address, setAddress] = useState(() => decodeURIComponent(window.location.hash.slice(1)) || undefined);
  const choose = useCallback((next: string) => {
    window.history.replaceState(null, '', `#${next}`);
    setAddress(next);
  }, []);
  return [address, choose];
}

/** How many received messages of each phone have been on the screen. */
function useSeen(list: Phone[] | undefined, chosen: Phone | undefined): (phone: Phone) => number {
  const [seen, setSeen] = useState<Record<string, number>>();
  useEffect(() => {
    if (!list) return;
    setSeen((before) => {
      if (!before) return Object.fromEntries(list.map((phone) => [phone.address, received(phone)]));
      return chosen && before[chosen.address] !== received(chosen) ? { ...before, [chosen.address]: received(chosen) } : before;
    });
  }, [list, chosen]);
  return (phone) => (seen && phone.address !== chosen?.address ? received(phone) - (seen[phone.address] ?? 0) : 0);
}

export function usePhones(): Phones {
  const { api } = useSandbox();
  const [choice, choose] = useChoice();
  const [problem, setProblem] = useState<string>();
  const { data: list, error, refresh } = useLive({
    key: 'phones', read: () => readPhones(api), wakeOn: ['message', 'status', 'phone'], everyMs: 15_000,
  });
  const numbers = useLive({
    key: 'numbers', read: async () => listOf(await api.control<OwnNumber[]>('numbers')), wakeOn: [], everyMs: 60_000,
  });
  const chosen = useMemo(() => list?.find(({ address }) => address === choice) ?? list?.[0], [list, choice]);
  const unread = useSeen(list, chosen);
  const add = async (): Promise<void> => {
    const person = newPerson(list ?? []);
    try {
      await api.control('phones', { ...person, outcome: 'delivered' });
      setProblem(undefined);
      await refresh();
      choose(person.address);
    } catch (failure) {
      setProblem(explain(failure));
    }
  };
  return { list, numbers: numbers.data, error: problem ?? error ?? numbers.error, chosen, choice, unread, choose, add, refresh };
}
