import { Badge, Tooltip } from '@mantine/core';
import type { Conversation } from '../live/hub.types.js';
import { useHubClock } from '../live/hub.clock.js';
import { leftOf } from './words.js';

const colours = { open: 'green', closing: 'orange', closed: 'gray' };

/** How long WhatsApp still takes free text to this person. */
export function WindowBadge({ window: { state, closesAt } }: { window: NonNullable<Conversation['whatsappWindow']> }) {
  const now = useHubClock();
  const left = closesAt === null ? 0 : Date.parse(closesAt) - now.getTime();
  const shown = left > 0 ? state : 'closed';
  return (
    <Tooltip label="WhatsApp takes free text for 24 hours after the customer wrote. Later only an approved template, or a text message.">
      <Badge variant="light" color={colours[shown]} tt="none" size="sm" data-testid="whatsapp-window">
        {shown === 'closed' ? 'Window closed' : `Window open: ${leftOf(left)} left`}
      </Badge>
    </Tooltip>
  );
}
