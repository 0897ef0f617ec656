import { Badge, Code, Collapse, Group, Text, UnstyledButton } from '@mantine/core';
import { useDisclosure } from '@mantine/hooks';
import { IconBrandTwilio, IconChevronRight } from '@tabler/icons-react';
import { useRef } from 'react';
import { useSandbox } from '../live/sandbox.context.js';
import type { TwilioConversation, TwilioMessage, TwilioParticipant } from '../live/simulator.types.js';
import { hourMinuteSecond } from '../live/times.js';
import { useLive } from '../live/use.live.js';
import { useStickToEnd } from '../live/use.stick.js';
import { Failure, Nothing, Waiting } from '../page/nothing.js';
import tabs from '../page/tabs.module.css';
import { SidButton } from './sid.button.js';
import { StaffComposer } from './staff.composer.js';
import classes from './thread.module.css';
import mirror from './twilio.module.css';

/** The same thread as Twilio holds it: what Flex, or any Conversations client, would show. */
export function TwilioThread({ sid }: { sid: string }) {
  const { api } = useSandbox();
  const { data, error, refresh } = useLive({
    key: `twilio ${sid}`,
    read: () => api.control<TwilioConversation>(`conversations/${sid}`),
    wakeOn: ['conversation', 'message', 'request'],
  });
  const list = useRef<HTMLDivElement>(null);
  useStickToEnd(list);
  if (!data) return error === undefined ? <Waiting lines={6} /> : <Failure message={error} onAgain={() => void refresh()} />;
  return (
    <>
      <div className={mirror.facts}>
        <Group gap={6}><SidButton sid={data.sid} /><Badge size="sm" variant="default" tt="none">{data.state}</Badge></Group>
        {data.uniqueName && <Text size="xs" c="dimmed" truncate title={data.uniqueName}>UniqueName {data.uniqueName}</Text>}
        <Group gap={4} aria-label="Participants" role="group">
          {data.participants.map((each, at) => <Badge key={each.sid ?? at} size="sm" variant="light" tt="none">{identityOf(each)}</Badge>)}
        </Group>
      </div>
      <div ref={list} className={`${tabs.scroll} ${classes.thread}`} role="log" aria-live="polite" aria-label="Messages in the Twilio Conversation" tabIndex={0}>
        {data.messages.length === 0 && <Nothing icon={IconBrandTwilio} title="Nothing mirrored yet">Each message of the hub appears here, in order.</Nothing>}
        {data.messages.map((message) => <Mirrored key={message.sid} message={message} />)}
      </div>
      <StaffComposer
        placeholder="Write into the Conversation, as a colleague in Flex"
        send={(body) => api.control(`conversations/${sid}/messages`, { author: 'You', body }).then(refresh)}
      />
    </>
  );
}

const identityOf = ({ identity, sid }: TwilioParticipant): string => identity || (sid ?? 'participant');

const pretty = (attributes: unknown): string => {
  try {
    return JSON.stringify(typeof attributes === 'string' ? JSON.parse(attributes) : attributes, null, 2);
  } catch {
    return String(attributes);
  }
};

function Mirrored({ message }: { message: TwilioMessage }) {
  const [open, { toggle }] = useDisclosure(false);
  return (
    <article className={mirror.mirrored} data-testid="twilio-message">
      <UnstyledButton className={mirror.mirrorHead} onClick={toggle} aria-expanded={open}>
        <span className={mirror.index}>{message.index}</span>
        <strong className={mirror.mirrorAuthor}>{message.author}</strong>
        <time dateTime={message.at}>{hourMinuteSecond(message.at)}</time>
        <IconChevronRight size={14} aria-hidden className={mirror.chevron} data-open={open || undefined} />
      </UnstyledButton>
      <div className={mirror.mirrorBody}>{message.body}</div>
      <Collapse expanded={open} keepMounted={false}>
        <Group gap={6} mt={6}><SidButton sid={message.sid} /></Group>
        <Code block mt={4} fz={11}>{pretty(message.attributes)}</Code>
      </Collapse>
    </article>
  );
}
