import { Badge, Button, Group, Text, Title, Tooltip } from '@mantine/core';
import { IconArrowBackUp, IconHandStop, IconX } from '@tabler/icons-react';
import { useState } from 'react';
import { explain } from '../live/api.js';
import type { Conversation, OwnerEvent } from '../live/hub.types.js';
import { useSandbox } from '../live/sandbox.context.js';
import { SidButton } from './sid.button.js';
import { WindowBadge } from './window.badge.js';
import { channelName, ownerShown } from './words.js';
import classes from './thread.module.css';

interface OwnerBarProps {
  conversation: Conversation;
  name: string;
  onChange: () => Promise<void>;
}

/** Who may answer the customer now, and the buttons that change it. */
export function OwnerBar({ conversation, name, onChange }: OwnerBarProps) {
  const { api } = useSandbox();
  const [busy, setBusy] = useState<OwnerEvent>();
  const [error, setError] = useState<string>();
  const tell = async (event: OwnerEvent): Promise<void> => {
    setBusy(event);
    setError(undefined);
    const staff = event === 'staff_took_over' ? { staff: 'You' } : {};
    await api.hub(`conversations/${conversation.conversationSid}/owner`, { event, ...staff }).catch((problem: unknown) => setError(explain(problem)));
    await onChange();
    setBusy(undefined);
  };
  const { owner, staff } = conversation;
  const { label, colour, why } = ownerShown(owner);
  const withStaff = owner === 'staff' || owner === 'specialist';
  return (
    <div className={classes.ownerBar}>
      <div className={classes.who}>
        <Group gap={8} wrap="wrap">
          <Title order={2} size="h4" className={classes.name}>{conversation.contactName ?? name}</Title>
          <Tooltip label={why}>
            <Badge variant="light" color={colour} tt="none" size="md" data-testid="owner" className={classes.badge}>
              {label}{owner === 'staff' && staff ? `: ${staff}` : ''}
            </Badge>
          </Tooltip>
        </Group>
        <Group gap={6} wrap="wrap">
          {conversation.replyChannel && <Text component="span" size="xs" c="dimmed">via {channelName(conversation.replyChannel)}</Text>}
          {conversation.whatsappWindow && <WindowBadge window={conversation.whatsappWindow} />}
          <SidButton sid={conversation.conversationSid} />
        </Group>
      </div>
      <Group gap={6} wrap="nowrap" className={classes.ownerButtons}>
        {!withStaff && (
          <Button size="xs" leftSection={<IconHandStop size={15} />} loading={busy === 'staff_took_over'} onClick={() => void tell('staff_took_over')}>
            Take over
          </Button>
        )}
        {(withStaff || owner === 'queued') && (
          <Button size="xs" variant="default" leftSection={<IconArrowBackUp size={15} />} loading={busy === 'staff_handed_back'} onClick={() => void tell('staff_handed_back')}>
            Hand back
          </Button>
        )}
        {owner !== 'closed' && (
          <Button size="xs" variant="default" leftSection={<IconX size={15} />} loading={busy === 'closed'} onClick={() => void tell('closed')}>Close</Button>
        )}
      </Group>
      {error !== undefined && <Text size="xs" c="var(--bad)" role="alert" w="100%">{error}</Text>}
    </div>
  );
}
