import { ActionIcon, Avatar, Menu, Text, UnstyledButton } from '@mantine/core';
import { IconCheck, IconDotsVertical, IconMail, IconPencil } from '@tabler/icons-react';
import { useState } from 'react';
import { useSandbox } from '../live/sandbox.context.js';
import phone from '../phones/phone.module.css';
import { StatusBar } from '../phones/phone.frame.js';
import { MailComposer } from './mail.composer.js';
import { MailList } from './mail.list.js';
import { MailReader } from './mail.reader.js';
import { habits, type Writer } from './mail.types.js';
import classes from './mail.module.css';

interface MailFrameProps {
  writer: Writer;
  ours: string | undefined;
  onChange: () => Promise<void>;
}

/** Somebody's mail program: what they have, one mail of it, or a new one. */
export function MailFrame({ writer, ours, onChange }: MailFrameProps) {
  const [open, setOpen] = useState<number | 'new'>();
  const mail = writer.mails.find(({ id }) => id === open);
  const close = (): void => setOpen(undefined);
  const written = async (): Promise<void> => {
    close();
    await onChange();
  };
  return (
    <div className={phone.device}>
      <div className={phone.screen} role="group" aria-label={`${writer.name}'s mail`}>
        <StatusBar />
        {mail && <MailReader mail={mail} writer={writer} onClose={close} onWritten={onChange} />}
        {open === 'new' && <MailComposer writer={writer} ours={ours} onClose={close} onWritten={written} />}
        {!mail && open !== 'new' && (
          <>
            <Header writer={writer} onChange={onChange} />
            <MailList mails={writer.mails} onOpen={setOpen} />
            <div className={classes.foot}>
              <UnstyledButton className={classes.write} disabled={!ours} onClick={() => setOpen('new')} data-testid="new-mail">
                <IconPencil size={18} stroke={1.9} aria-hidden /> Write a mail
              </UnstyledButton>
            </div>
          </>
        )}
        <div className={phone.homeBar} aria-hidden />
      </div>
    </div>
  );
}

function Header({ writer, onChange }: { writer: Writer; onChange: () => Promise<void> }) {
  const { api } = useSandbox();
  const choose = async (habit: string): Promise<void> => {
    await api.mail(`people/${encodeURIComponent(writer.address)}`, { habit });
    await onChange();
  };
  return (
    <div className={phone.phoneHeader}>
      <div className={phone.peerRow}>
        <Avatar size={34} radius="xl" color="gray.7" variant="filled"><IconMail size={19} stroke={1.7} aria-hidden /></Avatar>
        <span className={phone.peer}>
          <span className={phone.peerName}>{writer.name}’s mail</span>
          <span className={phone.peerNumber}>{writer.address}</span>
        </span>
      </div>
      <Menu width={230}>
        <Menu.Target>
          <ActionIcon size="lg" aria-label={`How this mailbox behaves: ${habits.find(({ habit }) => habit === writer.habit)?.label}`}><IconDotsVertical size={19} /></ActionIcon>
        </Menu.Target>
        <Menu.Dropdown>
          <Menu.Label>When we write to this mailbox, it…</Menu.Label>
          {habits.map(({ habit, label, why }) => (
            <Menu.Item key={habit} onClick={() => void choose(habit)} aria-current={habit === writer.habit ? 'true' : undefined} rightSection={habit === writer.habit ? <IconCheck size={16} /> : undefined}>
              {label}
              <Text size="xs" c="dimmed">{why}</Text>
            </Menu.Item>
          ))}
        </Menu.Dropdown>
      </Menu>
    </div>
  );
}
