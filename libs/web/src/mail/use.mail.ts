import { useSandbox } from '../live/sandbox.context.js';
import { type Live, useLive } from '../live/use.live.js';
import type { Habit, PersonMail, Writer } from './mail.types.js';

/** Who has a mail program when nobody has written yet. */
const FIRST_WRITER = 'ada@example.test';

const nameOf = (address: string): string => address.slice(0, 1).toUpperCase() + address.slice(1).split(/[@.+]/)[0]!;

export interface Mail extends Live<Writer[]> {
  /** Our address, which people write to. */
  ours: string | undefined;
}

/** Everybody who has a mail program. Nobody, where mail is not simulated. */
export function useMail(): Mail {
  const { api } = useSandbox();
  const isThere = api.session.mail;
  const mailboxes = useLive({ key: 'mailboxes', read: () => (isThere ? api.mail<string[]>('mailboxes') : Promise.resolve([])), wakeOn: [], everyMs: 60_000 });
  const live = useLive({
    key: 'mail',
    read: async () => {
      if (!isThere) return [];
      const addresses = await api.mail<string[]>('people');
      const all = addresses.includes(FIRST_WRITER) ? addresses : [FIRST_WRITER, ...addresses];
      return Promise.all(all.map(async (address): Promise<Writer> => {
        const { habit, mails } = await api.mail<{ habit: Habit; mails: PersonMail[] }>(`people/${encodeURIComponent(address)}`);
        return { address, name: nameOf(address), habit, mails };
      }));
    },
    wakeOn: ['conversation'], everyMs: 2_000,
  });
  return { ...live, ours: mailboxes.data?.[0] };
}
