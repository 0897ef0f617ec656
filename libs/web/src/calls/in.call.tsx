import { UnstyledButton } from '@mantine/core';
import { IconArrowUp, IconDialpad, IconMessageCircle, IconPhoneOff } from '@tabler/icons-react';
import { useRef, useState, type FormEvent } from 'react';
import { explain } from '../live/api.js';
import { useSandbox } from '../live/sandbox.context.js';
import type { PhoneCall } from '../live/simulator.types.js';
import { useLostFocus } from '../live/use.focus.js';
import composer from '../phones/composer.module.css';
import classes from './call.module.css';

const firstWords = ['What are your opening hours?', 'How much is a first visit?', 'I would like to book an appointment', 'I would like to speak to a person', 'I have chest pain'];

const KEYS = [...'123456789*0#'];

const keyNames: Record<string, string> = { '*': 'Star', '#': 'Hash' };

interface InCallProps {
  call: PhoneCall;
  owner: string;
  onChange: () => Promise<void>;
  onPutAway: () => void;
}

/** What somebody on the phone can do: speak, also while they are spoken to, press keys, and hang up. */
export function InCall({ call, owner, onChange, onPutAway }: InCallProps) {
  const { api } = useSandbox();
  const [hasKeys, setHasKeys] = useState(false);
  const [error, setError] = useState<string>();
  const isTalking = call.status === 'in-progress';
  const act = async (what: 'words' | 'keys' | 'hangup', body: object): Promise<boolean> => {
    setError(undefined);
    const problem = await api.control(`calls/${call.callSid}/${what}`, body).then(() => undefined, explain);
    setError(problem);
    await onChange();
    return problem === undefined;
  };
  return (
    <div className={classes.foot}>
      {error !== undefined && <p className={classes.error} role="alert">{error}</p>}
      {isTalking && hasKeys && <Keypad onPress={(digits) => void act('keys', { digits })} />}
      {isTalking && !hasKeys && <Speech owner={owner} say={(text) => act('words', { text })} />}
      <div className={classes.pair}>
        <UnstyledButton className={classes.button} disabled={!isTalking} aria-expanded={hasKeys} onClick={() => setHasKeys(!hasKeys)}>
          <span className={classes.disc}><IconDialpad size={26} aria-hidden /></span>{hasKeys ? 'Speak' : 'Keypad'}
        </UnstyledButton>
        <UnstyledButton className={classes.button} onClick={onPutAway}>
          <span className={classes.disc}><IconMessageCircle size={26} aria-hidden /></span>Messages
        </UnstyledButton>
        <UnstyledButton className={classes.button} data-kind="end" onClick={() => void act('hangup', {})}>
          <span className={classes.disc}><IconPhoneOff size={26} aria-hidden /></span>Hang up
        </UnstyledButton>
      </div>
    </div>
  );
}

function Speech({ owner, say }: { owner: string; say: (text: string) => Promise<boolean> }) {
  const [text, setText] = useState('');
  const field = useRef<HTMLInputElement>(null);
  useLostFocus(field);
  const speak = async (words: string, restore = ''): Promise<void> => {
    if (words.trim() === '') return;
    setText(restore);
    field.current?.focus({ preventScroll: true });
    if (!(await say(words.trim()))) setText(words);
  };
  const submit = (event: FormEvent): void => {
    event.preventDefault();
    void speak(text);
  };
  return (
    <>
      <div className={composer.offers} role="group" aria-label="Suggested words">
        {firstWords.map((words) => (
          <UnstyledButton key={words} className={composer.offer} onClick={() => void speak(words, text)}><span className={composer.offerText}>{words}</span></UnstyledButton>
        ))}
      </div>
      <form className={composer.composer} onSubmit={submit}>
        <input
          ref={field} className={composer.field} value={text} placeholder="Say something, also in between" aria-label={`Say as ${owner}`} maxLength={1_000}
          enterKeyHint="send" autoComplete="off" onChange={(event) => setText(event.currentTarget.value)}
        />
        <UnstyledButton type="submit" className={composer.send} aria-label="Say it" disabled={text.trim() === ''}>
          <IconArrowUp size={20} stroke={2.4} aria-hidden />
        </UnstyledButton>
      </form>
    </>
  );
}

function Keypad({ onPress }: { onPress: (digit: string) => void }) {
  return (
    <div className={classes.keypad} role="group" aria-label="Keypad">
      {KEYS.map((key) => <UnstyledButton key={key} className={classes.key} aria-label={keyNames[key]} onClick={() => onPress(key)}>{key}</UnstyledButton>)}
    </div>
  );
}
