import { cutOff, oneLine } from '@throughline/kernel/words.js';
import type { DataClass } from '../policies/policies.types.js';
import type { Attempt, Carried, Incident } from './escalation.types.js';

const [LONGEST_REASON, LONGEST_NAME] = [160, 60];
/** Of what is looked through, for each character that is shown. */
const LOOKED_THROUGH = 4;

/** All that could be said of an incident. @param name what the customer is called */
function knownOf({ code, callback, urgency, reports }: Incident, name: string | null): Carried {
  const distinct = (texts: string[]): string | null => shortened([...new Set(texts)].filter(Boolean).join('; '), LONGEST_REASON) || null;
  return {
    code, callback, urgency, name: (name && plainly(name, LONGEST_NAME)) || null, source: distinct(reports.map(({ source }) => plainly(source, LONGEST_NAME))),
    reason: distinct(reports.map(({ reason }) => plainly(reason, LONGEST_REASON))),
  };
}

/** Of what may be said, what there is. */
export function carriable(allowed: readonly DataClass[], incident: Incident, name: string | null): DataClass[] {
  const known = knownOf(incident, name);
  return allowed.filter((each) => known[each] !== null);
}

/** What an attempt says. Of one that has not been decided on yet, nothing. */
export function carriedBy({ carries }: Pick<Attempt, 'carries'>, incident: Incident, name: string | null): Carried {
  const known = knownOf(incident, name);
  const said = <Class extends DataClass>(each: Class): Carried[Class] | null => (carries?.includes(each) ? known[each] : null);
  return { code: said('code'), callback: said('callback'), urgency: said('urgency'), source: said('source'), reason: said('reason'), name: said('name') };
}

/** In one line, without anything that a phone would open, a mail program would render, or that would turn the words around. */
export function plainly(text: string, most: number): string {
  const plain = oneLine(cutOff(text, most * LOOKED_THROUGH).replace(/\p{Cf}|\p{Cc}|\p{Cs}|\p{Noncharacter_Code_Point}/gu, ' ').replace(/\b(?:[a-z][a-z0-9+.-]*:\/\/|www\.)\S*/giu, '…').replace(/[<>[\]{}*_`#|~\\]/g, ' '));
  return shortened(plain, most);
}

function shortened(text: string, most: number): string {
  const cut = cutOff(text, most);
  return cut === text ? text : `${cutOff(text, most - 1).trimEnd()}…`;
}
