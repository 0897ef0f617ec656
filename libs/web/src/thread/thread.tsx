import { IconMessages, IconPhone } from '@tabler/icons-react';
import { useRef } from 'react';
import { callMarks, withMarks, type CallMark } from '../calls/call.words.js';
import { useHubClock } from '../live/hub.clock.js';
import type { Conversation, ThreadMessage } from '../live/hub.types.js';
import { useSandbox } from '../live/sandbox.context.js';
import type { PhoneCall } from '../live/simulator.types.js';
import { hourMinuteSecond } from '../live/times.js';
import { useLive } from '../live/use.live.js';
import { useStickToEnd } from '../live/use.stick.js';
import { Failure, Nothing, Waiting } from '../page/nothing.js';
import tabs from '../page/tabs.module.css';
import { readThread } from './read.thread.js';
import { StaffComposer } from './staff.composer.js';
import { ThreadBubble } from './thread.bubble.js';
import classes from './thread.module.css';

interface ThreadProps {
  conversation: Conversation;
  calls: readonly PhoneCall[];
  name: string;
  onChange: () => Promise<void>;
}

/** The one thread of a person, over all channels, oldest first. */
export function Thread({ conversation, calls, name, onChange }: ThreadProps) {
  const { api } = useSandbox();
  const sid = conversation.conversationSid;
  const { data: messages, error, refresh } = useLive({
    key: `thread ${sid}`,
    read: () => readThread(api, sid),
    wakeOn: ['message', 'status', 'call', 'heard', 'conversation', 'webhook', 'request', 'clock'],
  });
  const list = useRef<HTMLDivElement>(null);
  useStickToEnd(list);
  return (
    <>
      <div ref={list} className={`${tabs.scroll} ${classes.thread}`} role="log" aria-live="polite" aria-label={`Thread of ${name}`} tabIndex={0}>
        {error !== undefined && <Failure message={error} onAgain={() => void refresh()} />}
        {!messages && error === undefined && <Waiting lines={6} />}
        {messages?.length === 0 && <Nothing icon={IconMessages} title="No messages yet">They appear here as soon as the hub has them.</Nothing>}
        {messages && withMarks(messages, callMarks(calls)).map((each) => (
          'seq' in each ? <ThreadBubble key={each.id} message={each} name={name} /> : <Mark key={each.key} mark={each} />
        ))}
        {messages && <Thinking conversation={conversation} last={messages.at(-1)} />}
      </div>
      <StaffComposer
        placeholder={`Write to ${name} as staff`} hint={conversation.owner === 'assistant' && 'The assistant answers here. As soon as you write, it steps back.'}
        takesFiles send={(body, files) => api.writeAsStaff(sid, { body, staff: 'You' }, files).then(() => Promise.all([refresh(), onChange()]))}
      />
    </>
  );
}

/** Where a phone call began or ended. */
function Mark({ mark: { text, at } }: { mark: CallMark }) {
  return <p className={classes.mark} data-testid="thread-call"><IconPhone size={14} stroke={1.9} aria-hidden /> {text} <time dateTime={at}>{hourMinuteSecond(at)}</time></p>;
}

const PATIENCE_MS = 20_000;

/** Between a text and its answer, while the assistant is the one to answer. */
function Thinking({ conversation, last }: { conversation: Conversation; last: ThreadMessage | undefined }) {
  const now = useHubClock();
  const due = conversation.owner === 'assistant' && last?.direction === 'inbound';
  if (!due || now.getTime() - Date.parse(last.createdAt) > PATIENCE_MS) return null;
  return <div className={classes.thinking}><span className={classes.dots} aria-hidden><i /><i /><i /></span> The assistant is {last.channel === 'voice' ? 'thinking' : 'writing'}</div>;
}
