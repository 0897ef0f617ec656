import { Button, Text, Textarea } from '@mantine/core';
import { IconSend } from '@tabler/icons-react';
import { useState, type FormEvent, type KeyboardEvent } from 'react';
import { explain } from '../live/api.js';
import classes from './thread.module.css';

interface StaffComposerProps {
  placeholder: string;
  hint?: string | false;
  send: (body: string) => Promise<unknown>;
}

/** Where a colleague writes to the customer. */
export function StaffComposer({ placeholder, hint, send: deliver }: StaffComposerProps) {
  const [text, setText] = useState('');
  const [error, setError] = useState<string>();
  const send = async (): Promise<void> => {
    const body = text.trim();
    if (body === '') return;
    setText('');
    setError(undefined);
    try {
      await deliver(body);
    } catch (problem) {
      setText(body);
      setError(explain(problem));
    }
  };
  const submit = (event: FormEvent): void => {
    event.preventDefault();
    void send();
  };
  const press = (event: KeyboardEvent): void => {
    if (event.key !== 'Enter' || event.shiftKey || event.nativeEvent.isComposing) return;
    event.preventDefault();
    void send();
  };
  return (
    <form className={classes.staffForm} onSubmit={submit}>
      <Textarea
        className={classes.staffField} value={text} onChange={(event) => setText(event.currentTarget.value)} onKeyDown={press}
        aria-label="Write as staff" placeholder={placeholder} autosize minRows={1} maxRows={5} size="sm"
      />
      <Button type="submit" size="sm" color="violet.8" px={12} aria-label="Send as staff" disabled={text.trim() === ''}><IconSend size={17} /></Button>
      {hint && <Text size="xs" c="dimmed" w="100%">{hint}</Text>}
      {error !== undefined && <Text size="xs" c="var(--bad)" role="alert" w="100%">{error}</Text>}
    </form>
  );
}
