import { Tooltip } from '@mantine/core';
import { IconAlertCircle, IconBan, IconCheck, IconChecks, IconClock, IconHelpCircle, IconRefresh } from '@tabler/icons-react';
import type { ComponentType } from 'react';
import { reasonOf, statusWords } from './words.js';
import classes from './thread.module.css';

type Icon = ComponentType<{ size?: number; stroke?: number }>;

const signs: Record<string, { Sign: Icon; tone: 'quiet' | 'read' | 'bad' }> = {
  pending: { Sign: IconClock, tone: 'quiet' },
  sending: { Sign: IconClock, tone: 'quiet' },
  retry_wait: { Sign: IconRefresh, tone: 'quiet' },
  sent: { Sign: IconCheck, tone: 'quiet' },
  delivered: { Sign: IconChecks, tone: 'quiet' },
  read: { Sign: IconChecks, tone: 'read' },
  failed: { Sign: IconAlertCircle, tone: 'bad' },
  undelivered: { Sign: IconAlertCircle, tone: 'bad' },
  suppressed: { Sign: IconBan, tone: 'bad' },
  unknown: { Sign: IconHelpCircle, tone: 'bad' },
};

interface TicksProps {
  status: string;
  channel?: string;
  errorCode?: number | null;
  errorMeaning?: string | null;
}

/** Clock, one tick, two ticks, blue ticks, or a red sign with the reason. */
export function Ticks({ status, channel, errorCode, errorMeaning }: TicksProps) {
  const sign = signs[status];
  if (!sign) return null;
  const { Sign, tone } = sign;
  const words = [statusWords(status, channel), reasonOf(errorCode, errorMeaning)].filter(Boolean).join(' · ');
  return (
    <Tooltip label={words}>
      <span className={classes.ticks} data-tone={tone} data-status={status} data-testid="ticks" role="img" aria-label={words}>
        <Sign size={15} stroke={2.2} />
      </span>
    </Tooltip>
  );
}
