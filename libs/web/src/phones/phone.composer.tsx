import { UnstyledButton } from '@mantine/core';
import { IconArrowUp, IconPaperclip } from '@tabler/icons-react';
import { useRef, useState, type FormEvent, type KeyboardEvent } from 'react';
import { dataUrlOf, explain } from '../live/api.js';
import { useSandbox } from '../live/sandbox.context.js';
import type { Phone } from '../live/simulator.types.js';
import { firstTexts, keywords } from './outcomes.js';
import { addressToward } from './people.js';
import classes from './composer.module.css';

/** The simulator takes in requests of up to 1 MB, and base64 makes four bytes of three. */
const LARGEST_FILE = 700_000;

interface PhoneComposerProps {
  phone: Phone;
  peer: string | undefined;
  /** Nothing said yet: offer first sentences. */
  fresh: boolean;
  onSent: () => Promise<void>;
}

export function PhoneComposer({ phone, peer, fresh, onSent }: PhoneComposerProps) {
  const { api } = useSandbox();
  const [text, setText] = useState('');
  const [error, setError] = useState<string>();
  const field = useRef<HTMLTextAreaElement>(null);
  const picker = useRef<HTMLInputElement>(null);
  const attach = async (file: File | undefined): Promise<void> => {
    if (!file) return;
    if (file.size > LARGEST_FILE) return setError(`${file.name} is too large for this phone. It sends files of up to ${LARGEST_FILE / 1_000} kB.`);
    await send(text, '', [await dataUrlOf(file)]);
  };
  const send = async (body: string, restore = '', mediaUrls: string[] = []): Promise<void> => {
    if (peer === undefined || (body.trim() === '' && mediaUrls.length === 0)) return;
    setText(restore);
    setError(undefined);
    field.current?.focus({ preventScroll: true });
    try {
      const from = addressToward(phone.address, peer);
      // WhatsApp tells the name of the profile; an app that is used for the first time has none yet.
      if (from !== phone.address && phone.name) await api.control('phones', { address: from, name: phone.name });
      await api.control('messages', { from, to: peer, body, mediaUrls });
      await onSent();
    } catch (problem) {
      setText(body);
      setError(explain(problem));
    }
  };
  const submit = (event: FormEvent): void => {
    event.preventDefault();
    void send(text);
  };
  const press = (event: KeyboardEvent): void => {
    if (event.key !== 'Enter' || event.shiftKey || event.nativeEvent.isComposing) return;
    event.preventDefault();
    void send(text);
  };
  return (
    <div className={classes.foot}>
      {error !== undefined && <p className={classes.sendError} role="alert">{error}</p>}
      {phone.optedOutOf.length > 0 && <p className={classes.optedOut}>{phone.name ?? 'This phone'} has opted out. START undoes it.</p>}
      <Suggestions fresh={fresh} disabled={peer === undefined} onPick={(body) => void send(body, text)} />
      <form className={classes.composer} onSubmit={submit}>
        <input
          ref={picker} type="file" hidden data-testid="attach-file" aria-label="File to send"
          onChange={(event) => { const [file] = event.currentTarget.files ?? []; event.currentTarget.value = ''; void attach(file); }}
        />
        <UnstyledButton className={classes.attach} aria-label="Attach a picture or a file" disabled={peer === undefined} onClick={() => picker.current?.click()}>
          <IconPaperclip size={20} stroke={1.9} aria-hidden />
        </UnstyledButton>
        <textarea
          ref={field} className={classes.field} rows={1} value={text} placeholder="Text message" aria-label={`Text as ${phone.name ?? phone.address}`}
          maxLength={1_600} enterKeyHint="send" onChange={(event) => setText(event.currentTarget.value)} onKeyDown={press}
        />
        <UnstyledButton type="submit" className={classes.send} aria-label="Send text" disabled={text.trim() === '' || peer === undefined}>
          <IconArrowUp size={20} stroke={2.4} aria-hidden />
        </UnstyledButton>
      </form>
    </div>
  );
}

interface SuggestionsProps {
  fresh: boolean;
  disabled: boolean;
  onPick: (body: string) => void;
}

function Suggestions({ fresh, disabled, onPick }: SuggestionsProps) {
  const offers = fresh ? firstTexts : [...keywords, ...firstTexts];
  return (
    <div className={classes.offers} data-fresh={fresh || undefined} role="group" aria-label="Suggested texts">
      {offers.map((body) => (
        <UnstyledButton key={body} className={classes.offer} disabled={disabled} title={body} onClick={() => onPick(body)}>
          <span className={classes.offerText}>{body}</span>
        </UnstyledButton>
      ))}
    </div>
  );
}
