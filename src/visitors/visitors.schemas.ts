import { z } from 'zod';
import { instant, pageQuery, pageSchema } from '../tenancy/tenancy.types.js';

const MOST_ORIGINS = 50;

/** As a browser writes it in the header `Origin`: nothing behind the host. */
function isOrigin(text: string): boolean {
  return URL.canParse(text) && /^https?:$/.test(new URL(text).protocol) && new URL(text).origin === text;
}

const key = z.string().meta({ description: 'Public: it stands in the page', examples: ['wk_2f4b6c8d0e1f2f4b6c8d'] });
const origins = z
  .array(z.string().refine(isOrigin, 'expected an origin such as https://www.example.com'))
  .max(MOST_ORIGINS)
  .meta({ description: 'Whose pages may use it; with none nobody may', examples: [['https://www.example.com']] });
const title = z.string().trim().min(1).max(100).meta({ examples: ['Riverside Clinic'] });
const greeting = z.string().trim().max(500).meta({ description: 'What stands there before anybody has said a word', examples: ['How can we help?'] });
const accentColor = z.string().regex(/^#[0-9a-fA-F]{6}$/, 'expected a colour such as #1c6ef2').meta({ examples: ['#1c6ef2'] });
const locale = z.string().regex(/^[a-z]{2,3}(-[A-Za-z0-9]{2,8})*$/, 'expected a language such as en or pt-BR').meta({ examples: ['en'] });
const attachments = z.boolean().meta({ description: 'Whether visitors may attach files' });
const lead = z.enum(['after_first_answer', 'off']).meta({ description: 'When visitors are asked who they are' });

export const newWidgetSchema = z
  .strictObject({
    title, allowedOrigins: origins, greeting: greeting.default(''), accentColor: accentColor.default('#1c6ef2'), locale: locale.default('en'),
    attachments: attachments.default(true), lead: lead.default('after_first_answer'),
  })
  .meta({ id: 'NewWidget' });
export type NewWidget = z.output<typeof newWidgetSchema>;

export const widgetChangeSchema = z
  .strictObject({ title, allowedOrigins: origins, greeting, accentColor, locale, attachments, lead })
  .partial()
  .meta({ id: 'WidgetChange' });
export type WidgetChange = z.output<typeof widgetChangeSchema>;

export const widgetSchema = z
  .object({ key, title, allowedOrigins: origins, greeting, accentColor, locale, attachments, lead, createdAt: instant })
  .meta({ id: 'Widget' });
export const widgetsSchema = pageSchema(widgetSchema).meta({ id: 'Widgets' });
export const widgetsQuery = pageQuery(/^wk_[A-Za-z0-9_-]{8,60}$/);
