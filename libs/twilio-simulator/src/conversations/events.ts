/** Post-action events, of which a webhook hears those named in its filters (facts C.6). */
export const POST_EVENTS: readonly string[] = [
  'onConversationAdded', 'onConversationUpdated', 'onConversationRemoved', 'onConversationStateUpdated',
  'onMessageAdded', 'onMessageUpdated', 'onMessageRemoved', 'onParticipantAdded', 'onParticipantUpdated',
  'onParticipantRemoved', 'onDeliveryUpdated', 'onUserAdded', 'onUserUpdated',
];

/** Pre-action events, for the hooks of an account or a service only (facts C.5). */
export const PRE_EVENTS: readonly string[] = [
  'onConversationAdd', 'onConversationUpdate', 'onConversationRemove', 'onMessageAdd', 'onMessageUpdate',
  'onMessageRemove', 'onParticipantAdd', 'onParticipantUpdate', 'onParticipantRemove', 'onUserUpdate',
];
