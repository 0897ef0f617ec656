import { ActionIcon, UnstyledButton } from '@mantine/core';
import { IconArrowUp, IconChevronLeft } from '@tabler/icons-react';
import { useState, type FormEvent } from 'react';
import { explain } from '../live/api.js';
import { useSandbox } from '../live/sandbox.context.js';
import { dayOf, hourMinute } from '../live/times.js';
import composer from '../phones/composer.module.css';
import { nameIn, type PersonMail, type Writer } from './mail.types.js';
import classes from './mail.module.css';

interface MailReaderProps {
  mail: PersonMail;
  writer: Writer;
  onClose: () => void;
  onWritten: () => Promise<void>;
}

/** What threads a mail, and what keeps programs from answering it. */
const TELLING = ['message-id', 'in-reply-to', 'references', 'reply-to', 'auto-submitted', 'list-unsubscribe'];

export function MailReader({ mail, writer, onClose, onWritten }: MailReaderProps) {
  const headers = TELLING.filter((name) => mail.headers[name]);
  return (
    <>
      <div className={classes.bar}>
        <ActionIcon size="lg" aria-label="Back to all mails" onClick={onClose}><IconChevronLeft size={21} /></ActionIcon>
        <span className={classes.barTitle}>{mail.subject || '(no subject)'}</span>
      </div>
      <article className={classes.mail} tabIndex={0} aria-label={`Mail: ${mail.subject}`} data-testid="mail">
        <p className={classes.envelope}>
          <strong>{nameIn(mail.from)}</strong> to {nameIn(mail.to)}
          <span>{dayOf(mail.at)} {hourMinute(mail.at)}</span>
        </p>
        <p className={classes.words}>{mail.text}</p>
        {mail.attachments.map(({ filename, size }) => <p key={filename} className={classes.file}>{filename} · {Math.ceil(size / 1_000)} kB</p>)}
        <details className={classes.headers}>
          <summary>Headers</summary>
          <dl>{headers.map((name) => <div key={name}><dt>{name}</dt><dd>{mail.headers[name]}</dd></div>)}</dl>
        </details>
      </article>
      {mail.direction === 'received' && <Reply writer={writer} onWritten={onWritten} />}
    </>
  );
}

/** To the newest mail that they got, as most mail programs would thread it. */
function Reply({ writer, onWritten }: Pick<MailReaderProps, 'writer' | 'onWritten'>) {
  const { api } = useSandbox();
  const [text, setText] = useState('');
  const [error, setError] = useState<string>();
  const send = async (event: FormEvent): Promise<void> => {
    event.preventDefault();
    try {
      await api.mail('answers', { from: writer.address, text });
      setText('');
      setError(undefined);
      await onWritten();
    } catch (problem) {
      setError(explain(problem));
    }
  };
  return (
    <div className={composer.foot}>
      {error !== undefined && <p className={composer.sendError} role="alert">{error}</p>}
      <form className={composer.composer} onSubmit={(event) => void send(event)}>
        <textarea className={composer.field} rows={2} value={text} placeholder="Reply" aria-label={`Reply as ${writer.name}`} maxLength={20_000} onChange={(event) => setText(event.currentTarget.value)} />
        <UnstyledButton type="submit" className={composer.send} aria-label="Send reply" disabled={text.trim() === ''}><IconArrowUp size={20} stroke={2.4} aria-hidden /></UnstyledButton>
      </form>
    </div>
  );
}
