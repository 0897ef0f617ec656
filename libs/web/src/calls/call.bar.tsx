import { UnstyledButton } from '@mantine/core';
import { IconPhone } from '@tabler/icons-react';
import { useHubClock } from '../live/hub.clock.js';
import type { PhoneCall } from '../live/simulator.types.js';
import { stateWords } from './call.words.js';
import classes from './call.module.css';

/** Above the messages, while a call goes on: the way back to it. */
export function CallBar({ call, onOpen }: { call: PhoneCall; onOpen: () => void }) {
  const now = useHubClock();
  return (
    <UnstyledButton className={classes.bar} onClick={onOpen}>
      <IconPhone size={15} aria-hidden /> Back to the call <span aria-hidden>· {stateWords(call, now)}</span>
    </UnstyledButton>
  );
}
