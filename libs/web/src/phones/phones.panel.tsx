import { Failure, Waiting } from '../page/nothing.js';
import { PeopleStrip } from './people.strip.js';
import { apps } from './people.js';
import { PhoneFrame } from './phone.frame.js';
import type { Phones } from './use.phones.js';

/** Everybody's faces above, the chosen person's phone below. */
export function PhonesPanel({ phones }: { phones: Phones }) {
  const { list, chosen, numbers, error, refresh } = phones;
  return (
    <>
      <PeopleStrip phones={phones} />
      {error !== undefined && <Failure message={error} onAgain={() => void refresh()} />}
      {!list && error === undefined && <Waiting lines={5} />}
      {chosen && <PhoneFrame key={chosen.address} phone={chosen} numbers={apps(numbers ?? [])} onChange={refresh} />}
    </>
  );
}
