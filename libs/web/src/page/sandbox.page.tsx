import { useState } from 'react';
import { HubPanel } from '../thread/hub.panel.js';
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
  return (
    <div className={classes.page} data-view={view}>
      <Header />
      <Banner />
      <main className={classes.main}>
        <section className={classes.phones} aria-label="Phones"><Mishap><PhonesPanel phones={phones} /></Mishap></section>
        <section className={classes.hub} aria-label="Conversation in the hub"><Mishap key={phones.chosen?.address}><HubPanel phone={phones.chosen} /></Mishap></section>
        <section className={classes.workings} aria-label="Behind the scenes"><Mishap><Workings phone={phones.chosen} /></Mishap></section>
      </main>
      <Views view={view} onView={setView} />
    </div>
  );
}
