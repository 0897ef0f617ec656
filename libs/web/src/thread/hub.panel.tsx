import { Tabs } from '@mantine/core';
import { IconBrandTwilio, IconHistory, IconMessages, IconSend } from '@tabler/icons-react';
import type { ReactNode } from 'react';
import { callsOf } from '../calls/use.calls.js';
import type { Conversation } from '../live/hub.types.js';
import type { Phone, PhoneCall } from '../live/simulator.types.js';
import { Failure, Nothing, Waiting } from '../page/nothing.js';
import tabs from '../page/tabs.module.css';
import { spaced } from '../phones/people.js';
import { Deliveries } from './deliveries.js';
import { History } from './history.js';
import { OwnerBar } from './owner.bar.js';
import { Thread } from './thread.js';
import { TwilioThread } from './twilio.thread.js';
import { useConversation } from './use.conversation.js';

/** The chosen person's one conversation, as the hub keeps it. */
export function HubPanel({ phone, calls }: { phone: Phone | undefined; calls: readonly PhoneCall[] }) {
  if (!phone) return <Waiting lines={6} />;
  return <OfPerson key={phone.address} phone={phone} calls={callsOf(calls, phone.address)} />;
}

function OfPerson({ phone, calls }: { phone: Phone; calls: readonly PhoneCall[] }) {
  const { data: conversation, error, refresh } = useConversation(phone.address);
  const name = phone.name ?? spaced(phone.address);
  if (conversation) return <OfConversation conversation={conversation} calls={calls} name={name} onChange={refresh} />;
  if (error !== undefined) return <Failure message={error} onAgain={() => void refresh()} />;
  if (conversation === undefined) return <Waiting lines={6} />;
  return (
    <Nothing icon={IconMessages} title={`${name} has not written yet`}>
      {phone.address.includes('@')
        ? 'Write a mail. The hub finds it in its mailbox by IMAP, it becomes a Conversation like any text, and is answered by SMTP.'
        : 'Send a text from the phone, or call. It travels as a signed Twilio webhook to the hub, becomes a Conversation, and is answered.'}
    </Nothing>
  );
}

interface OfConversationProps {
  conversation: Conversation;
  /** With this person. */
  calls: readonly PhoneCall[];
  name: string;
  onChange: () => Promise<void>;
}

const views: { value: string; label: string; icon: ReactNode }[] = [
  { value: 'thread', label: 'Thread', icon: <IconMessages size={16} /> },
  { value: 'twilio', label: 'Twilio Conversation', icon: <IconBrandTwilio size={16} /> },
  { value: 'deliveries', label: 'Deliveries', icon: <IconSend size={16} /> },
  { value: 'history', label: 'History', icon: <IconHistory size={16} /> },
];

function OfConversation({ conversation, calls, name, onChange }: OfConversationProps) {
  return (
    <>
      <OwnerBar conversation={conversation} name={name} onChange={onChange} />
      <Tabs defaultValue="thread" keepMounted={false} classNames={{ root: tabs.root, panel: tabs.panel, list: tabs.list }}>
        <Tabs.List aria-label="Views of the conversation">
          {views.map(({ value, label, icon }) => <Tabs.Tab key={value} value={value} leftSection={icon}>{label}</Tabs.Tab>)}
        </Tabs.List>
        <Tabs.Panel value="thread"><Thread conversation={conversation} calls={calls} name={name} onChange={onChange} /></Tabs.Panel>
        <Tabs.Panel value="twilio"><TwilioThread sid={conversation.conversationSid} /></Tabs.Panel>
        <Tabs.Panel value="deliveries"><Deliveries sid={conversation.conversationSid} /></Tabs.Panel>
        <Tabs.Panel value="history"><History sid={conversation.conversationSid} /></Tabs.Panel>
      </Tabs>
    </>
  );
}
