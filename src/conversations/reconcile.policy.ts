/** How often the recent Conversations are compared with the record. A lost webhook costs a customer this long at most. */
export const RECONCILE_EVERY_MS = 300_000;
