import { FRONT_DESK, house } from './contract-house.js';

/** Words that several suites about Conversations share. */
export const v1 = () => house().client.conversations.v1;

const ALL = [
  'onMessageAdded', 'onDeliveryUpdated', 'onParticipantAdded', 'onConversationAdded', 'onMessageUpdated',
  'onMessageRemoved', 'onConversationUpdated', 'onParticipantRemoved', 'onConversationRemoved',
];

/** Points the account's hook at the sink. */
export const listen = (filters = ALL, more: object = {}) =>
  v1().configuration.webhooks().update({
    method: 'POST', postWebhookUrl: `${house().sink.origin}/hooks`, filters, ...more,
  });

export const bind = (address: string, proxyAddress = FRONT_DESK) => ({
  'messagingBinding.address': address,
  'messagingBinding.proxyAddress': proxyAddress,
});

/** A conversation with these phones in it. */
export async function open(...phones: string[]) {
  const { sid } = await v1().conversations.create();
  for (const address of phones) await v1().conversations(sid).participants.create(bind(address));
  return v1().conversations(sid);
}
