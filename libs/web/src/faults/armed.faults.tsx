import { ActionIcon, Button, Text } from '@mantine/core';
import { IconBoltFilled, IconX } from '@tabler/icons-react';
import type { Fault } from '../live/simulator.types.js';
import { faultTitle, matchWords, timesWords } from './fault.catalogue.js';
import classes from './faults.module.css';

interface ArmedFaultsProps {
  faults: Fault[] | undefined;
  onRemove: (id?: string) => Promise<void>;
}

export function ArmedFaults({ faults, onRemove }: ArmedFaultsProps) {
  return (
    <section className={classes.armed} aria-label="Armed faults" aria-live="polite">
      {!faults?.length && <Text size="sm" c="dimmed">Nothing is armed: Twilio has a good day.</Text>}
      {!!faults?.length && (
        <ul className={classes.armedList}>
          {faults.map((fault) => (
            <li key={fault.id} className={classes.armedFault} data-testid="armed-fault">
              <IconBoltFilled size={15} aria-hidden />
              <span><strong>{faultTitle(fault)}</strong> · {matchWords(fault)} · {timesWords(fault)}</span>
              <ActionIcon size="sm" color="gray" aria-label={`Remove ${faultTitle(fault)}`} onClick={() => void onRemove(fault.id)}><IconX size={15} /></ActionIcon>
            </li>
          ))}
        </ul>
      )}
      {(faults?.length ?? 0) > 1 && <Button size="compact-xs" variant="default" onClick={() => void onRemove()}>Remove all</Button>}
    </section>
  );
}
