/**
 * Every table, and what of people is in it. Whoever adds one decides here how a person is erased from it, and writes that in its room;
 * until then a test fails. The search at the end of an erasure does not need to know: it goes through the catalogue.
 *
 * - `person`: rows of a person, which their room blanks or deletes (`stores.service.ts`)
 * - `tenant`: what the tenant has written about itself: an address in there is nobody's trace
 * - `machinery`: ids, states and times; jobs whose errors may quote are emptied
 */
export const tables: Record<string, 'person' | 'tenant' | 'machinery'> = {
  addresses: 'person',
  citations: 'person',
  consents: 'person',
  contacts: 'person',
  conversations: 'person',
  deliveries: 'person',
  erasure_copies: 'person',
  erasure_needles: 'person',
  facts: 'person',
  inbox: 'person',
  media_files: 'person',
  media_uploads: 'person',
  merges: 'person',
  messages: 'person',
  participants: 'person',
  summaries: 'person',
  tool_calls: 'person',
  transitions: 'person',
  turns: 'person',
  visitor_uploads: 'person',
  visitors: 'person',
  whatsapp_windows: 'person',
  withheld: 'person',
  api_tokens: 'tenant',
  knowledge_pages: 'tenant',
  knowledge_passages: 'tenant',
  media_keys: 'tenant',
  mailboxes: 'tenant',
  senders: 'tenant',
  tenants: 'tenant',
  widgets: 'tenant',
  chat_keys: 'machinery',
  contents: 'machinery',
  conversation_tenants: 'machinery',
  erasures: 'machinery',
  mail_handovers: 'machinery',
  mails: 'machinery',
  migrations: 'machinery',
  mirrors: 'machinery',
  outbox: 'machinery',
  sender_rates: 'machinery',
  use_windows: 'machinery',
};
