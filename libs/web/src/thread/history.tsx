import { Text, Timeline } from '@mantine/core';
import { IconArrowNarrowRight, IconHistory, IconSend, IconUserStar } from '@tabler/icons-react';
import type { Transition } from '../live/hub.types.js';
import { useSandbox } from '../live/sandbox.context.js';
import { dayOf, hourMinuteSecond } from '../live/times.js';
import { useLive } from '../live/use.live.js';
import { Failure, Nothing, Waiting } from '../page/nothing.js';
import tabs from '../page/tabs.module.css';
import { plain } from './words.js';

/** The audit log of this conversation, newest first: every change of state, with its cause. */
export function History({ sid }: { sid: string }) {
  const { api } = useSandbox();
  const { data, error, refresh } = useLive({
    key: `history ${sid}`,
    read: async () => (await api.hubAll<Transition>(`conversations/${sid}/transitions`)).reverse(),
    wakeOn: ['message', 'status', 'conversation', 'webhook', 'clock'],
  });
  if (!data) return error === undefined ? <Waiting /> : <Failure message={error} onAgain={() => void refresh()} />;
  return (
    <div className={tabs.scroll} tabIndex={0} role="region" aria-label="History">
      {data.length === 0 && <Nothing icon={IconHistory} title="No changes yet">Owner and deliveries leave a line here whenever they change.</Nothing>}
      <Timeline bulletSize={26} lineWidth={2} py="lg" px="xl">
        {data.map((each, at) => (
          <Timeline.Item
            key={`${each.at} ${at}`}
            bullet={each.machine === 'ownership' ? <IconUserStar size={14} /> : <IconSend size={13} />}
            title={<Text component="span" size="sm" fw={550}>{plain(each.from)} <IconArrowNarrowRight size={15} aria-label="to" style={{ verticalAlign: 'middle' }} /> {plain(each.to)}</Text>}
          >
            <Text size="xs" c="dimmed">{plain(each.machine)}: {plain(each.cause)} · {dayOf(each.at)}, {hourMinuteSecond(each.at)}</Text>
          </Timeline.Item>
        ))}
      </Timeline>
    </div>
  );
}
