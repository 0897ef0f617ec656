import type { Template } from './routes.types.js';

/** WhatsApp's limit for a template with its variables filled in is 1,024 characters; what is left is for the template's own words. */
const MOST_IN_VARIABLES = 700;

/** WhatsApp takes neither line breaks nor runs of spaces in a variable of a template. */
const flat = (text: string): string => text.replace(/\s+/g, ' ').trim();

/** What a part of a message must be like to go inside the template. */
export const templateRules = { fits: (text: string): boolean => flat(text).length <= MOST_IN_VARIABLES, cost: (): number => 1 };

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
