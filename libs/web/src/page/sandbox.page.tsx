import { useState } from 'react';
import { useCalls } from '../calls/use.calls.js';
import { HubPanel } from '../thread/hub.panel.js';
import type { Phone } from '../live/simulator.types.js';
import type { Writer } from '../mail/mail.types.js';
import { useMail } from '../mail/use.mail.js';
import { PhonesPanel } from '../phones/phones.panel.js';
import { usePhones } from '../phones/use.phones.js';
import { Banner } from './banner.js';
import { Header } from './header.js';
import { Mishap } from './mishap.js';
import { Workings } from './workings.js';
import { Views, type View } from './views.js';
import classes from './page.module.css';

/** Phones on the left, their conversation in the hub beside them, and what happens behind both on the right. */
export function SandboxPage() {
  const [view, setView] = useState<View>('phones');
  const phones = usePhones();
  const calls = useCalls();
  const mail = useMail();
  const writer = mail.data?.find(({ address }) => address === phones.choice);
  const person = writer ? asPerson(writer) : phones.chosen;
  return (
    <div className={classes.page} data-view={view}>
      <Header />
      <Banner />
      <main className={classes.main}>
        <section className={classes.phones} aria-label="Phones"><Mishap><PhonesPanel phones={phones} calls={calls} mail={mail} writer={writer} /></Mishap></section>
        <section className={classes.hub} aria-label="Conversation in the hub"><Mishap key={person?.address}><HubPanel phone={person} calls={calls.list} /></Mishap></section>
        <section className={classes.workings} aria-label="Behind the scenes"><Mishap><Workings phone={person} /></Mishap></section>
      </main>
      <Views view={view} onView={setView} />
    </div>
  );
}

/** For what is beside the phones and asks only who it is. */
const asPerson = ({ address, name }: Writer): Phone => ({ address, name, outcome: 'delivered', optedOutOf: [], messages: [] });
