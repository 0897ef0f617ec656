import { UnstyledButton } from '@mantine/core';
import { IconArrowBackUp, IconPaperclip } from '@tabler/icons-react';
import { dayOf, hourMinute } from '../live/times.js';
import { nameIn, type PersonMail } from './mail.types.js';
import classes from './mail.module.css';

interface MailListProps {
  mails: PersonMail[];
  onOpen: (id: number) => void;
}

/** The newest first, as mail programs have it. */
export function MailList({ mails, onOpen }: MailListProps) {
  if (mails.length === 0) {
    return <p className={classes.nothing}>No mail yet. Write to the clinic: the hub reads its mailbox by IMAP and answers by SMTP, in the same thread as texts.</p>;
  }
  return (
    <ul className={classes.list} aria-label="Mails" tabIndex={0}>
      {mails.toReversed().map((mail) => (
        <li key={mail.id}>
          <UnstyledButton className={classes.row} onClick={() => onOpen(mail.id)} data-testid={mail.direction === 'sent' ? 'mail-sent' : 'mail-received'}>
            <span className={classes.rowHead}>
              <strong className={classes.who}>{mail.direction === 'sent' ? `To ${nameIn(mail.to)}` : nameIn(mail.from)}</strong>
              <span className={classes.when}>{dayOf(mail.at)} {hourMinute(mail.at)}</span>
            </span>
            <span className={classes.subject}>
              {mail.direction === 'sent' && <IconArrowBackUp size={14} aria-hidden />}
              {mail.attachments.length > 0 && <IconPaperclip size={14} aria-label="With attachments" />}
              {mail.subject || '(no subject)'}
            </span>
            <span className={classes.snippet}>{mail.text}</span>
          </UnstyledButton>
        </li>
      ))}
    </ul>
  );
}
