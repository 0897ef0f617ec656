import { ActionIcon, UnstyledButton } from '@mantine/core';
import { IconPaperclip, IconSend, IconX } from '@tabler/icons-react';
import { useRef, useState, type FormEvent } from 'react';
import { dataUrlOf, explain } from '../live/api.js';
import { useSandbox } from '../live/sandbox.context.js';
import type { Writer } from './mail.types.js';
import classes from './mail.module.css';

/** So that the page stays quick; the hub itself takes 25 MB. */
const LARGEST_FILE = 5_000_000;

interface MailComposerProps {
  writer: Writer;
  ours: string | undefined;
  onClose: () => void;
  onWritten: () => Promise<void>;
}

export function MailComposer({ writer, ours, onClose, onWritten }: MailComposerProps) {
  const { api } = useSandbox();
  const [subject, setSubject] = useState('');
  const [text, setText] = useState('');
  const [file, setFile] = useState<File>();
  const [error, setError] = useState<string>();
  const picker = useRef<HTMLInputElement>(null);
  const pick = (picked: File | undefined): void => {
    const tooLarge = picked !== undefined && picked.size > LARGEST_FILE;
    setError(tooLarge ? `${picked.name} is larger than ${LARGEST_FILE / 1_000_000} MB.` : undefined);
    if (!tooLarge) setFile(picked);
  };
  const send = async (event: FormEvent): Promise<void> => {
    event.preventDefault();
    try {
      const attachments = file ? [{ filename: file.name, contentType: file.type || 'application/octet-stream', base64: (await dataUrlOf(file)).split(',')[1] }] : [];
      await api.mail('mails', { from: writer.address, name: writer.name, to: ours, subject, text, attachments });
      await onWritten();
    } catch (problem) {
      setError(explain(problem));
    }
  };
  return (
    <form className={classes.compose} onSubmit={(event) => void send(event)} aria-label="New mail">
      <div className={classes.bar}>
        <ActionIcon size="lg" aria-label="Throw it away" onClick={onClose}><IconX size={20} /></ActionIcon>
        <span className={classes.barTitle}>New mail</span>
        <UnstyledButton type="submit" className={classes.send} disabled={text.trim() === '' && subject.trim() === ''}><IconSend size={16} aria-hidden /> Send</UnstyledButton>
      </div>
      <p className={classes.line}><span>To</span> {ours}</p>
      <label className={classes.line}><span>Subject</span><input value={subject} maxLength={200} onChange={(event) => setSubject(event.currentTarget.value)} /></label>
      {error !== undefined && <p className={classes.problem} role="alert">{error}</p>}
      <textarea className={classes.paper} value={text} aria-label={`Mail as ${writer.name}`} maxLength={20_000} onChange={(event) => setText(event.currentTarget.value)} />
      <div className={classes.attach}>
        <input ref={picker} type="file" hidden aria-label="File to attach" data-testid="mail-file" onChange={(event) => pick(event.currentTarget.files?.[0])} />
        <UnstyledButton className={classes.attachButton} onClick={() => picker.current?.click()}><IconPaperclip size={17} aria-hidden /> {file?.name ?? 'Attach a file'}</UnstyledButton>
      </div>
    </form>
  );
}
