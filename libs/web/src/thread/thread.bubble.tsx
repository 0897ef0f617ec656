import { IconNotes, IconPhone, IconRobot, IconUser, IconUserStar } from '@tabler/icons-react';
import type { ThreadMessage } from '../live/hub.types.js';
import { hourMinute } from '../live/times.js';
import { Attachment } from './attachment.js';
import { Ticks } from './ticks.js';
import { channelName, reasonOf, statusWords, wayName } from './words.js';
import classes from './thread.module.css';

const icons = { contact: IconUser, assistant: IconRobot, staff: IconUserStar, system: IconNotes };

const bad = (status: string): boolean => ['failed', 'undelivered', 'suppressed', 'unknown'].includes(status);

function authorOf({ authorKind, author }: ThreadMessage, name: string): string {
  if (authorKind === 'contact') return name;
  if (authorKind === 'assistant') return 'Assistant';
  return authorKind === 'staff' ? author || 'Staff' : 'Automatic';
}

export function ThreadBubble({ message, name }: { message: ThreadMessage; name: string }) {
  const { direction, authorKind, status, channel, via } = message;
  if (direction === 'internal') return <Note message={message} />;
  const Icon = icons[authorKind] ?? IconUser;
  return (
    <article className={classes.entry} data-author={authorKind} data-testid={`thread-${authorKind}`} aria-label={`${authorOf(message, name)}, ${hourMinute(message.createdAt)}`}>
      <header className={classes.author}>
        <Icon size={14} stroke={1.9} aria-hidden />
        <strong>{authorOf(message, name)}</strong>
        <span className={classes.channel} title={via?.why}>{channel === 'voice' && <IconPhone size={11} stroke={2} aria-hidden />}{via ? wayName(via) : channelName(channel)}</span>
      </header>
      <div className={classes.bubble}>
        <span className={classes.body}>{message.body}</span>
        {message.details?.words.map((words) => <span key={words} className={classes.remark}>{words}</span>)}
        {message.details?.buttons && (
          <ul className={classes.suggested} aria-label="Suggested replies">
            {message.details.buttons.map(({ id, text }) => <li key={id}>{text}</li>)}
          </ul>
        )}
        {message.media.map(({ href, contentType }) => <Attachment key={href} href={href} contentType={contentType} />)}
        <span className={classes.stamp}>
          <time dateTime={message.createdAt}>{hourMinute(message.createdAt)}</time>
          {direction === 'outbound' && <Ticks status={status} channel={channel} errorCode={message.errorCode} errorMeaning={message.errorMeaning} />}
        </span>
      </div>
      {bad(status) && (
        <p className={classes.reason}>{[statusWords(status, channel), reasonOf(message.errorCode, message.errorMeaning)].filter(Boolean).join(' · ')}</p>
      )}
    </article>
  );
}

function Note({ message }: { message: ThreadMessage }) {
  return (
    <article className={classes.note} data-testid="thread-note" aria-label={`Internal note, ${hourMinute(message.createdAt)}`}>
      <IconNotes size={15} stroke={1.8} aria-hidden />
      <span className={classes.body}>{message.body}</span>
      <time dateTime={message.createdAt}>{hourMinute(message.createdAt)}</time>
    </article>
  );
}
