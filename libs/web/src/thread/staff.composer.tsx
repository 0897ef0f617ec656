import { ActionIcon, Button, Text, Textarea, UnstyledButton } from '@mantine/core';
import { IconPaperclip, IconSend, IconX } from '@tabler/icons-react';
import { useRef, useState, type FormEvent, type KeyboardEvent } from 'react';
import { explain } from '../live/api.js';
import classes from './thread.module.css';

interface StaffComposerProps {
  placeholder: string;
  hint?: string | false;
  /** Files can be sent, too. */
  takesFiles?: boolean;
  send: (body: string, files: File[]) => Promise<unknown>;
}

/** Where a colleague writes to the customer. */
export function StaffComposer({ placeholder, hint, takesFiles, send: deliver }: StaffComposerProps) {
  const [text, setText] = useState('');
  const [files, setFiles] = useState<File[]>([]);
  const [error, setError] = useState<string>();
  const empty = text.trim() === '' && files.length === 0;
  const send = async (): Promise<void> => {
    if (empty) return;
    setText('');
    setFiles([]);
    setError(undefined);
    try {
      await deliver(text.trim(), files);
    } catch (problem) {
      setText(text);
      setFiles(files);
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
      {files.length > 0 && <Chosen files={files} onRemove={(gone) => setFiles(files.filter((file) => file !== gone))} />}
      {takesFiles && <Clip onChoose={(chosen) => setFiles([...files, ...chosen])} />}
      <Textarea
        className={classes.staffField} value={text} onChange={(event) => setText(event.currentTarget.value)} onKeyDown={press}
        aria-label="Write as staff" placeholder={placeholder} autosize minRows={1} maxRows={5} size="sm"
      />
      <Button type="submit" size="sm" color="violet.8" px={12} aria-label="Send as staff" disabled={empty}><IconSend size={17} /></Button>
      {hint && <Text size="xs" c="dimmed" w="100%">{hint}</Text>}
      {error !== undefined && <Text size="xs" c="var(--bad)" role="alert" w="100%">{error}</Text>}
    </form>
  );
}

function Clip({ onChoose }: { onChoose: (files: File[]) => void }) {
  const picker = useRef<HTMLInputElement>(null);
  return (
    <>
      <input
        ref={picker} type="file" multiple hidden data-testid="staff-file" aria-label="Files for the customer"
        onChange={(event) => { onChoose([...event.currentTarget.files ?? []]); event.currentTarget.value = ''; }}
      />
      <ActionIcon variant="subtle" color="gray" size={36} aria-label="Attach files as staff" onClick={() => picker.current?.click()}><IconPaperclip size={18} aria-hidden /></ActionIcon>
    </>
  );
}

function Chosen({ files, onRemove }: { files: File[]; onRemove: (file: File) => void }) {
  return (
    <div className={classes.chosen} role="group" aria-label="Files that go with it">
      {files.map((file, at) => (
        <UnstyledButton key={at} className={classes.chosenFile} aria-label={`Do not send ${file.name}`} onClick={() => onRemove(file)}>
          <span>{file.name}</span><IconX size={13} aria-hidden />
        </UnstyledButton>
      ))}
    </div>
  );
}
