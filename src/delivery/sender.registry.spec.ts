import { expect, test } from '@jest/globals';
import type { ChannelSender } from './delivery.types.js';
import { SenderRegistry } from './sender.registry.js';

const sender = (channel: string, files: boolean): ChannelSender =>
  ({ channels: [channel], rules: { fits: () => true, cost: () => 1, ...(files ? { files: { atOnce: 1, besideWords: () => true } } : {}) } }) as unknown as ChannelSender;

test('a message with files goes only where files go', () => {
  const registry = new SenderRegistry();
  registry.register(sender('sms', true));
  registry.register(sender('chat', false));
  const channels = (media: { url: string; contentType: string }[]): string[] => ['sms', 'chat', 'email'].filter(registry.carriersOf({ media }));
  expect([channels([]), channels([{ url: 'upload:1', contentType: 'image/png' }])]).toEqual([['sms', 'chat'], ['sms']]);
});
