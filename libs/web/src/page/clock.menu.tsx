import { Button, Loader, Menu, Text } from '@mantine/core';
import { IconChevronDown, IconClock, IconPlayerTrackNext } from '@tabler/icons-react';
import { useState } from 'react';
import { explain } from '../live/api.js';
import { useHubClock } from '../live/hub.clock.js';
import { useSandbox } from '../live/sandbox.context.js';
import { dayOf, hourMinuteSecond } from '../live/times.js';
import classes from './page.module.css';

const steps = [
  { forward: '15m', label: '15 minutes forward', why: 'the hub asks for receipts that have not come' },
  { forward: '1h', label: '1 hour forward', why: 'all retries are done' },
  { forward: '24h', label: '24 hours forward', why: 'people nobody answered go back to the assistant' },
];

/** The hub's time, and buttons that move it: timers due in between fire as they would have. */
export function ClockMenu() {
  const { api, feed } = useSandbox();
  const now = useHubClock();
  const [moving, setMoving] = useState(false);
  const [error, setError] = useState<string>();
  const forward = async (step: string): Promise<void> => {
    setMoving(true);
    setError(undefined);
    await api.sandbox('clock', { forward: step }).catch((problem: unknown) => setError(explain(problem)));
    feed.tell('clock', undefined);
    setMoving(false);
  };
  return (
    <Menu width={270}>
      <Menu.Target>
        <Button
          variant="default" size="sm" px={10} leftSection={moving ? <Loader size={14} /> : <IconClock size={16} stroke={1.7} />}
          rightSection={<IconChevronDown size={14} />} aria-label={`Hub time ${dayOf(now)} ${hourMinuteSecond(now)}, move it forward`}
        >
          <span className={classes.hubTime}><span className={classes.onWide}>{dayOf(now)} </span>{hourMinuteSecond(now)}</span>
        </Button>
      </Menu.Target>
      <Menu.Dropdown>
        <Menu.Label>Hub time · {dayOf(now)}</Menu.Label>
        {steps.map(({ forward: step, label, why }) => (
          <Menu.Item
            key={step} disabled={moving} closeMenuOnClick={false} leftSection={<IconPlayerTrackNext size={16} />}
            onClick={() => void forward(step)}
          >
            {label}
            <Text size="xs" c="dimmed">{why}</Text>
          </Menu.Item>
        ))}
        {error !== undefined && <Text size="xs" c="var(--bad)" p="xs" role="alert">{error}</Text>}
      </Menu.Dropdown>
    </Menu>
  );
}
