import type { ErrorClass } from '@throughline/twilio/errors.js';
import type { WhatsappWindow } from '../contacts/contacts.types.js';
import type { Sender } from '../tenancy/tenancy.types.js';
import type { BodyRules, Delivery, RouteName } from './delivery.types.js';

export interface Template {
  contentSid: string;
  variables: Record<string, string>;
}

/** How a WhatsApp message leaves now. */
export type Route =
  /** As it was said. Not from `until` on: the window closes. */
  | { by: 'text'; until: Date }
  | { by: 'template'; template: Template; why: string }
  | { by: 'sms'; sender: Sender; address: string; why: string }
  | { by: 'none'; why: string };

/** What there is to choose from. Where something is missing it says why, for people to read. */
export interface Choices {
  window: WhatsappWindow;
  template: Template | { missing: string };
  sms: { sender: Sender; address: string } | { missing: string };
  ruledOut: readonly RouteName[];
}

/** WhatsApp's limit for a template with its variables filled in is 1,024 characters; what is left is for the template's own words. */
const MOST_IN_VARIABLES = 700;

/** Free text while WhatsApp takes it, else the template, else SMS. Decided anew for every attempt. */
export function chooseRoute({ window, template, sms, ruledOut }: Choices): Route {
  const { state, closesAt } = window;
  if (state !== 'closed' && closesAt && !ruledOut.includes('text')) return { by: 'text', until: closesAt };
  const closed = closedWords(window);
  const noTemplate = ruledOut.includes('template') ? 'the template was refused' : 'missing' in template ? template.missing : null;
  if (noTemplate === null && !('missing' in template)) return { by: 'template', template, why: closed };
  const noSms = ruledOut.includes('sms') ? 'they do not want text messages' : 'missing' in sms ? sms.missing : null;
  if (noSms === null && !('missing' in sms)) return { by: 'sms', ...sms, why: `${closed}; ${noTemplate}` };
  return { by: 'none', why: `${closed}; ${noTemplate}; ${noSms}` };
}

function closedWords({ state, closesAt }: WhatsappWindow): string {
  if (!closesAt) return 'They have never written to this WhatsApp sender, so it takes no free text';
  if (state !== 'closed') return 'WhatsApp refused free text';
  return `WhatsApp takes free text for 24 hours after they wrote, and that was over at ${closesAt.toISOString().slice(0, 16).replace('T', ' ')} UTC`;
}

/** The last look before a claimed attempt leaves: the claim may be a while ago. */
export const mayStillLeave = (until: Date | null, now: Date): boolean => until === null || now < until;

/** Whether an attempt of unknown outcome was made the way in which one would be made now. */
export function isSameRoute({ channel, contentSid, sender }: Pick<Delivery, 'channel' | 'contentSid' | 'sender'>, route: Route): boolean {
  if (route.by === 'sms') return channel === 'sms' && sender === route.sender.address;
  if (route.by === 'template') return contentSid === route.template.contentSid;
  return route.by === 'text' && channel === 'whatsapp' && contentSid === null;
}

/** The way that a failure rules out for this delivery while there may be another; null when it says nothing of the kind. */
export function ruledOutBy({ channel, contentSid, detour }: Pick<Delivery, 'channel' | 'contentSid' | 'detour'>, failure: ErrorClass): RouteName | null {
  if (failure === 'template') return contentSid ? 'template' : null;
  if (failure === 'window') return contentSid ? 'template' : 'text';
  return failure === 'opt_out' && channel === 'sms' && detour !== null ? 'sms' : null;
}

/** WhatsApp takes neither line breaks nor runs of spaces in a variable of a template. */
const flat = (text: string): string => text.replace(/\s+/g, ' ').trim();

/** What a part of a message must be like to go inside the template. */
export const templateRules: BodyRules = { fits: (text) => flat(text).length <= MOST_IN_VARIABLES, cost: () => 1 };

export interface TemplateWords {
  reply: string;
  contactName: string | null;
  businessName: string | undefined;
}

/** Some people's profile names are numbers or signs, and WhatsApp refuses a variable with nothing in it. */
const firstNameOf = (name: string): string => flat(name).split(' ').find((word) => /\p{L}/u.test(word))?.slice(0, 60) ?? 'there';

/** The template with its places filled, as the tenant's settings name them; or why it cannot carry these words. */
export function filledTemplate(
  setting: { contentSid: string; variables: Record<string, 'reply' | 'firstName' | 'businessName'> } | undefined, words: TemplateWords,
): Template | { missing: string } {
  if (!setting) return { missing: 'no template is set up' };
  if (!templateRules.fits(words.reply)) return { missing: 'it is too long for the template' };
  const values = {
    reply: flat(words.reply), firstName: firstNameOf(words.contactName ?? ''), businessName: flat(words.businessName ?? '') || 'us',
  };
  return {
    contentSid: setting.contentSid,
    variables: Object.fromEntries(Object.entries(setting.variables).map(([place, name]) => [place, values[name]])),
  };
}
