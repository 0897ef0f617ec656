import { useState } from 'preact/hooks';
import type { ChatState } from '../chat.js';
import { Refusal } from '../hub.js';
import type { Widget } from '../widget.js';
import type { Lead, LeadAddress } from '../wire.types.js';
import { Icon } from './icons.js';

type Stage = { name: 'ask' } | { name: 'name' | 'offer' | 'code'; address: LeadAddress } | { name: 'done'; line: string; after: number };

/** Answer first, ask later, one thing at a time: where they can be reached, their name, and a code that shows that a number is theirs. */
export function LeadCard({ widget, state }: { widget: Widget; state: ChatState }) {
  const [stage, setStage] = useState<Stage>({ name: 'ask' });
  const [isWanted, setWanted] = useState(false);
  const { lead, look, messages } = state;
  const isAsked = look?.lead === 'after_first_answer' && messages.some(({ direction }) => direction === 'outbound');
  const isKnown = lead.email !== null || lead.phone !== null;
  if (!isAsked || widget.isLeadSkipped || (stage.name === 'ask' && isKnown)) return null;
  const skip = (): void => widget.skipLead();
  const done = (line: string): void => setStage({ name: 'done', line, after: messages.length });
  const named = (address: LeadAddress): void => (address === 'phone' ? setStage({ name: 'offer', address }) : done(widget.words.thanks));
  // Who goes on talking has seen it.
  const isFolded = !isWanted && messages.filter(({ direction }) => direction === 'inbound').length > 1;
  if (stage.name === 'ask' && isFolded) return <button type="button" class="link folded" onClick={() => setWanted(true)}>{widget.words.leadTitle}</button>;
  if (stage.name === 'ask') {
    return <Ask widget={widget} skip={skip} next={(now, address) => { if (now.name) named(address); else setStage({ name: 'name', address }); widget.chat.lead(now); }} />;
  }
  if (stage.name === 'done') {
    return messages.length > stage.after ? null : <p class="card done" role="status"><Icon name="done" size={18} />{stage.line}</p>;
  }
  const { address } = stage;
  const value = lead[address] ?? '';
  const step = { widget, address, value };
  switch (stage.name) {
    case 'name': return <Name {...step} skip={() => named(address)} next={(now) => { widget.chat.lead(now); named(address); }} />;
    case 'offer': return <Offer {...step} skip={skip} next={() => setStage({ name: 'code', address })} />;
    case 'code': return <Check {...step} skip={skip} next={(now) => { done(widget.words.confirmed(value)); widget.chat.lead(now); }} />;
  }
}

/** Does one thing with the hub at a time, and says in a sentence why it did not work. */
function useAttempt({ words }: Widget): { isBusy: boolean; trouble: string | undefined; attempt: (action: () => Promise<string | void>) => void } {
  const [isBusy, setBusy] = useState(false);
  const [trouble, setTrouble] = useState<string>();
  const attempt = (action: () => Promise<string | void>): void => {
    if (isBusy) return;
    setBusy(true);
    setTrouble(undefined);
    action().then((problem) => setTrouble(problem ?? undefined), (error: unknown) => {
      const status = error instanceof Refusal ? error.problem.status : 0;
      setTrouble(status === 429 ? words.tooMany : status === 400 ? words.leadWrong : words.trouble);
    }).finally(() => setBusy(false));
  };
  return { isBusy, trouble, attempt };
}

function Ask({ widget, skip, next }: { widget: Widget; skip: () => void; next: (lead: Lead, address: LeadAddress) => void }) {
  const { words, hub } = widget;
  const { isBusy, trouble, attempt } = useAttempt(widget);
  const save = (form: HTMLFormElement): void => {
    const reach = valueOf(form, 'reach');
    const address = reach.includes('@') ? 'email' : 'phone';
    attempt(async () => {
      if (!/@|\d{4}/.test(reach)) return words.leadWrong;
      next(await hub.saveLead({ [address]: reach }), address);
    });
  };
  return (
    <form class="card" noValidate aria-label={words.leadTitle} data-testid="lead" onSubmit={(event) => { event.preventDefault(); save(event.currentTarget); }}>
      <p class="title">{words.leadTitle}</p>
      <p class="quiet">{words.leadWhy}</p>
      <input name="reach" aria-label={words.reach} placeholder={words.reach} autocomplete="email" maxLength={200} />
      <Trouble text={trouble} />
      <Buttons yes={words.save} no={words.skip} skip={skip} isBusy={isBusy} />
    </form>
  );
}

interface Step {
  widget: Widget;
  address: LeadAddress;
  value: string;
  skip: () => void;
}

function Name({ widget, skip, next }: Step & { next: (lead: Lead) => void }) {
  const { words, hub } = widget;
  const { isBusy, trouble, attempt } = useAttempt(widget);
  const save = (form: HTMLFormElement): void => {
    const name = valueOf(form, 'name');
    if (!name) skip();
    else attempt(async () => next(await hub.saveLead({ name })));
  };
  return (
    <form class="card" aria-label={words.leadTitle} data-testid="lead" onSubmit={(event) => { event.preventDefault(); save(event.currentTarget); }}>
      <p class="title" role="status">{words.thanks}</p>
      <label>{words.name}<input name="name" autocomplete="name" maxLength={100} /></label>
      <Trouble text={trouble} />
      <Buttons yes={words.save} no={words.skip} skip={skip} isBusy={isBusy} />
    </form>
  );
}

function Offer({ widget, address, value, skip, next }: Step & { next: () => void }) {
  const { words, hub } = widget;
  const { isBusy, trouble, attempt } = useAttempt(widget);
  return (
    <form class="card" aria-label={words.sendCode} data-testid="lead" onSubmit={(event) => { event.preventDefault(); attempt(async () => { await hub.sendCode(address); next(); }); }}>
      <p class="title" role="status">{words.confirmWhy(value)}</p>
      <Trouble text={trouble} />
      <Buttons yes={words.sendCode} no={words.skip} skip={skip} isBusy={isBusy} />
    </form>
  );
}

function Check({ widget, address, value, skip, next }: Step & { next: (lead: Lead) => void }) {
  const { words, hub } = widget;
  const { isBusy, trouble, attempt } = useAttempt(widget);
  const check = (form: HTMLFormElement): void => attempt(async () => {
    const { outcome, lead } = await hub.checkCode(address, valueOf(form, 'code'));
    if (outcome === 'verified') next(lead);
    else return outcome === 'wrong' ? words.codeWrong : words.codeExpired;
  });
  return (
    <form class="card" aria-label={words.check} data-testid="lead" onSubmit={(event) => { event.preventDefault(); check(event.currentTarget); }}>
      <p class="title" role="status">{words.codeSent(value)}</p>
      <label>{words.code}<input name="code" inputMode="numeric" autocomplete="one-time-code" maxLength={10} required /></label>
      <Trouble text={trouble} />
      <Buttons yes={words.check} no={words.skip} skip={skip} isBusy={isBusy}>
        <button type="button" class="link" onClick={() => attempt(() => hub.sendCode(address))}>{words.sendCode}</button>
      </Buttons>
    </form>
  );
}

const valueOf = (form: HTMLFormElement, name: string): string => (new FormData(form).get(name) as string).trim();

const Trouble = ({ text }: { text: string | undefined }) => <p class="trouble" role="alert">{text}</p>;

function Buttons({ yes, no, skip, isBusy, children }: { yes: string; no: string; skip: () => void; isBusy: boolean; children?: preact.ComponentChildren }) {
  return (
    <div class="buttons">
      <button type="submit" class="primary" aria-disabled={isBusy}>{yes}</button>
      {children}
      <button type="button" class="link" onClick={skip}>{no}</button>
    </div>
  );
}
