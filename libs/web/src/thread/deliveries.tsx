import { Badge, Group, Text } from '@mantine/core';
import { IconArrowNarrowRight, IconSend } from '@tabler/icons-react';
import type { Delivery } from '../live/hub.types.js';
import { useSandbox } from '../live/sandbox.context.js';
import { hourMinuteSecond } from '../live/times.js';
import { useLive } from '../live/use.live.js';
import { Failure, Nothing, Waiting } from '../page/nothing.js';
import tabs from '../page/tabs.module.css';
import { readThread } from './read.thread.js';
import { SidButton } from './sid.button.js';
import { channelName, deliveryColour, plain, reasonOf, statusWords, wayName } from './words.js';
import classes from './thread.module.css';

/** Each thing sent to the customer: how often it was tried, and what Twilio said. */
export function Deliveries({ sid }: { sid: string }) {
  const { api } = useSandbox();
  const { data, error, refresh } = useLive({
    key: `deliveries ${sid}`,
    read: async () => {
      const [deliveries, messages] = await Promise.all([api.hubAll<Delivery>(`deliveries?conversationSid=${sid}`), readThread(api, sid)]);
      const bodies = new Map(messages.map(({ id, body }) => [id, body]));
      return deliveries.reverse().map((delivery) => ({ delivery, body: bodies.get(delivery.messageId) }));
    },
    wakeOn: ['message', 'status', 'webhook', 'request', 'clock'],
  });
  if (!data) return error === undefined ? <Waiting /> : <Failure message={error} onAgain={() => void refresh()} />;
  return (
    <div className={tabs.scroll} tabIndex={0} role="region" aria-label="Deliveries">
      {data.length === 0 && <Nothing icon={IconSend} title="Nothing sent yet">Every reply becomes a delivery with its own retries and receipts.</Nothing>}
      <ul className={classes.plainList}>
        {data.map(({ delivery, body }) => <Row key={delivery.id} delivery={delivery} body={body} />)}
      </ul>
    </div>
  );
}

function Row({ delivery, body }: { delivery: Delivery; body: string | undefined }) {
  const { state, attempt, providerSid } = delivery;
  const reason = reasonOf(delivery.errorCode, delivery.errorMeaning);
  return (
    <li className={classes.delivery} data-testid="delivery">
      <Group justify="space-between" wrap="nowrap" gap="xs">
        <Badge variant="light" color={deliveryColour(state)} tt="none" title={statusWords(state)} className={classes.badge}>{plain(state)}</Badge>
        <Text component="span" size="xs" c="dimmed">{hourMinuteSecond(delivery.updatedAt)}</Text>
      </Group>
      {body !== undefined && <Text size="sm" lineClamp={2}>{body}</Text>}
      <Group gap={6} wrap="wrap">
        <Text component="span" size="xs" fw={550} title={delivery.detour ?? undefined}>{delivery.detour === null ? channelName(delivery.channel) : wayName(delivery)}</Text>
        <Text component="span" size="xs" ff="monospace">{delivery.sender}</Text>
        <IconArrowNarrowRight size={16} aria-label="to" />
        <Text component="span" size="xs" ff="monospace">{delivery.address}</Text>
      </Group>
      <Group gap={10} wrap="wrap">
        <Text component="span" size="xs" c="dimmed">{attempt <= 1 ? 'first attempt' : `attempt ${attempt}`}</Text>
        {delivery.parts > 1 && <Text component="span" size="xs" c="dimmed">part {delivery.part} of {delivery.parts}</Text>}
        {delivery.files.length > 0 && <Text component="span" size="xs" c="dimmed">{delivery.files.length} file{delivery.files.length === 1 ? '' : 's'}</Text>}
        {delivery.segments !== null && <Text component="span" size="xs" c="dimmed">{delivery.segments} segment{delivery.segments === 1 ? '' : 's'}</Text>}
        {providerSid && <SidButton sid={providerSid} />}
      </Group>
      {reason !== '' && <p className={classes.reason}>{reason}</p>}
    </li>
  );
}
