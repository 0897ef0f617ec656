import type { Button } from '../conversations/conversations.types.js';
import type { ChannelSender, Delivery, OfferedButtons } from './delivery.types.js';

type Channel = Pick<ChannelSender, 'rules'> & Partial<Pick<ChannelSender, 'showsButtons'>>;

/**
 * Suggested replies as the channel has them: to be tapped; else as numbered lines, where they fit; else not at all. Replies that are
 * numbers themselves have no lines: nobody could tell which one a number means.
 */
export function offeredOn({ rules, showsButtons }: Channel, body: string, items: readonly Button[]): OfferedButtons | null {
  if (items.length === 0) return null;
  if (showsButtons?.(body, items)) return { as: 'taps', items: [...items] };
  if (items.some(({ text }) => /^\W*\d+\W*$/.test(text))) return null;
  const lines: OfferedButtons = { as: 'lines', items: [...items] };
  return rules.fits(wholeBody({ body, buttons: lines })) ? lines : null;
}

/** What is said on a channel without buttons: a number is as good as a tap. In no language, so in every one. */
export const wholeBody = ({ body, buttons }: Pick<Delivery, 'body' | 'buttons'>): string =>
  (buttons?.as === 'lines' ? [body, ...buttons.items.map(({ text }, at) => `${at + 1}: ${text}`)].join('\n') : body);
