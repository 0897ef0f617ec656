import { UnstyledButton } from '@mantine/core';
import { IconCheck, IconChecks } from '@tabler/icons-react';
import { useRef } from 'react';
import { useSandbox } from '../live/sandbox.context.js';
import { useStickToEnd } from '../live/use.stick.js';
import type { PhoneMessage } from '../live/simulator.types.js';
import { dayOf, hourMinute } from '../live/times.js';
import classes from './phone.module.css';

interface PhoneBubblesProps {
  messages: PhoneMessage[];
  owner: string;
  number: string;
  onTapped: () => Promise<void>;
}

export function PhoneBubbles({ messages, owner, number, onTapped }: PhoneBubblesProps) {
  const list = useRef<HTMLDivElement>(null);
  useStickToEnd(list);
  return (
    <div ref={list} className={classes.messages} role="log" aria-label={`Messages on ${owner}'s phone`} aria-live="polite" tabIndex={0}>
      <p className={classes.whose}><strong>{owner}’s phone</strong><br />{number}</p>
      {messages.map((message, at) => (
        <Bubble key={message.sid} message={message} before={messages[at - 1]} last={at === messages.length - 1} onTapped={onTapped} />
      ))}
    </div>
  );
}

const PAUSE_MS = 10 * 60_000;

const lost = (status: string): boolean => status === 'undelivered' || status === 'failed';

interface BubbleProps {
  message: PhoneMessage;
  before: PhoneMessage | undefined;
  last: boolean;
  onTapped: () => Promise<void>;
}

function Bubble({ message, before, last, onTapped }: BubbleProps) {
  const paused = !before || Date.parse(message.at) - Date.parse(before.at) > PAUSE_MS;
  const mine = message.direction === 'sent';
  const missing = !mine && lost(message.status);
  return (
    <>
      {paused && <p className={classes.pause}>{dayOf(message.at)} {hourMinute(message.at)}</p>}
      <div className={classes.bubble} data-mine={mine} data-missing={missing || undefined} data-testid={mine ? 'phone-sent' : 'phone-received'}>
        <Words body={message.body} />
        {message.media.map((medium, at) => <Picture key={at} url={typeof medium === 'string' ? medium : medium.url} mine={mine} />)}
      </div>
      {!missing && !mine && message.buttons?.map(({ text }) => <Tap key={text} sid={message.sid} text={text} onTapped={onTapped} />)}
      {missing && <p className={classes.receipt} data-bad>Never arrived: {message.status}{message.errorCode ? ` ${message.errorCode}` : ''}</p>}
      {!missing && last && <Receipt message={message} />}
    </>
  );
}

/** On a phone, addresses in a text can be tapped. */
function Words({ body }: { body: string }) {
  return body.split(/(https?:\/\/[^\s<>"]+)/).map((part, at) => (at % 2 === 1 ? <a key={at} href={part} target="_blank" rel="noreferrer" className={classes.link}>{part}</a> : part));
}

/** A button below a message: a tap writes its text back. */
function Tap({ sid, text, onTapped }: { sid: string; text: string; onTapped: () => Promise<void> }) {
  const { api } = useSandbox();
  const tap = async (): Promise<void> => {
    await api.control(`messages/${sid}/taps`, { button: text }).catch(() => undefined);
    await onTapped();
  };
  return <UnstyledButton className={classes.tap} data-testid="phone-button" onClick={() => void tap()}>{text}</UnstyledButton>;
}

const receipts: Record<string, string> = { delivered: 'Delivered', read: 'Read' };

/** On a phone, the other side's ticks say that its own text has arrived here. */
function Receipt({ message: { direction, status, at } }: { message: PhoneMessage }) {
  const words = direction === 'sent' ? 'Sent' : receipts[status];
  return (
    <p className={classes.receipt} data-mine={direction === 'sent'} data-status={status} data-testid="phone-receipt">
      {words && <>{direction === 'sent' ? <IconCheck size={13} aria-hidden /> : <IconChecks size={14} aria-hidden />} {words} · </>}
      {hourMinute(at)}
    </p>
  );
}

function Picture({ url, mine }: { url: string; mine: boolean }) {
  if (url.startsWith('data:image/')) return <img className={classes.picture} src={url} alt={mine ? 'Sent from this phone' : 'Sent to this phone'} />;
  return <a href={url} target="_blank" rel="noreferrer" className={classes.medium}>{url.startsWith('data:') ? 'A file' : url}</a>;
}
