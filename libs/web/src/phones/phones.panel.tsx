import type { Calls } from '../calls/use.calls.js';
import { MailFrame } from '../mail/mail.frame.js';
import type { Writer } from '../mail/mail.types.js';
import type { Mail } from '../mail/use.mail.js';
import { Failure, Waiting } from '../page/nothing.js';
import { PeopleStrip } from './people.strip.js';
import { apps } from './people.js';
import { PhoneFrame } from './phone.frame.js';
import type { Phones } from './use.phones.js';

/** Everybody's faces above, the chosen person's phone, or mail program, below. */
export function PhonesPanel({ phones, calls, mail, writer }: { phones: Phones; calls: Calls; mail: Mail; writer: Writer | undefined }) {
  const { list, chosen, numbers, error, refresh } = phones;
  return (
    <>
      <PeopleStrip phones={phones} calls={calls.list} writers={mail.data ?? []} writer={writer} />
      {error !== undefined && <Failure message={error} onAgain={() => void refresh()} />}
      {!list && error === undefined && <Waiting lines={5} />}
      {writer && <MailFrame key={writer.address} writer={writer} ours={mail.ours} onChange={mail.refresh} />}
      {chosen && !writer && <PhoneFrame key={chosen.address} phone={chosen} numbers={apps(numbers ?? [])} calls={calls} onChange={refresh} />}
    </>
  );
}
