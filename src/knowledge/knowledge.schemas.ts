import { z } from 'zod';
import { instant, pageQuery, pageSchema } from '../tenancy/tenancy.types.js';

const LONGEST_TITLE = 200;
/** In characters: well below what a request may carry, in any language. */
const LONGEST_BODY = 60_000;
const MOST_FOUND = 20;

const id = z.string().meta({ format: 'uuid', examples: ['01991c2e-8f00-7c11-9a5e-2f4b6c8d0e1f'] });
const title = z.string().trim().min(1).max(LONGEST_TITLE).meta({ examples: ['Cancelling an appointment'] });
const body = z.string().max(LONGEST_BODY).refine((text) => text.trim() !== '', 'says nothing')
  .meta({ description: 'Plain text or Markdown. Headings begin a new passage.', examples: ['Up to 24 hours before, it costs nothing.'] });
const sourceUrl = z.url({ protocol: /^https?$/ }).max(2_000).meta({ description: 'Where people find the page', examples: ['https://example.com/faq'] });

export const newPageSchema = z
  .strictObject({ title, body, sourceUrl: sourceUrl.nullish().transform((url) => url ?? null) })
  .meta({ id: 'NewKnowledgePage' });
export type NewPage = z.output<typeof newPageSchema>;

export const pageChangeSchema = z
  .strictObject({ title: title.optional(), body: body.optional(), sourceUrl: sourceUrl.nullable().optional() })
  .meta({ id: 'KnowledgePageChange' });
export type PageChange = z.output<typeof pageChangeSchema>;

const shown = {
  id, title, sourceUrl: z.string().nullable(), language: z.string().meta({ description: 'Of its words: `settings.searchLanguage` when it was saved', examples: ['english'] }),
  createdAt: instant, updatedAt: instant,
};
export const knowledgePageSchema = z.object({ ...shown, body: z.string() }).meta({ id: 'KnowledgePage' });
export const knowledgePagesSchema = pageSchema(z.object(shown).meta({ id: 'KnowledgePageTitle' })).meta({ id: 'KnowledgePages' });

export const searchQuery = z.strictObject({
  q: z.string().trim().min(1).max(200).meta({ description: 'As on the web: words, "in this order", or, -without', examples: ['cancel appointment'] }),
  limit: z.coerce.number().int().min(1).max(MOST_FOUND).default(5).meta({ description: 'Passages, 1 to 20' }),
});
export type SearchQuery = z.output<typeof searchQuery>;

export const foundSchema = z
  .object({
    passageId: id, pageId: id, title, sourceUrl: z.string().nullable(),
    heading: z.string().meta({ description: 'The headings it stands below' }), body: z.string(),
    headline: z.string().meta({ description: 'Its telling parts, the words that were looked for between ** and **' }),
    rank: z.number().meta({ description: 'Comparable within one answer only', examples: [0.4] }),
  })
  .meta({ id: 'FoundPassage' });

export const citationsQuery = pageQuery().extend({ turnId: z.uuid().optional().meta({ description: 'Only of the message with this `turnId`' }) });
export type CitationsQuery = z.output<typeof citationsQuery>;

const citationSchema = z
  .object({
    id, turnId: id.meta({ description: '`turnId` of the message that was said then' }), pageId: id, passageId: id, title, sourceUrl: z.string().nullable(),
    passage: z.string().meta({ description: 'As the assistant was shown it; the page may have changed since' }), citedAt: instant,
  })
  .meta({ id: 'Citation', description: 'A passage that the assistant was shown before it answered.' });
export const citationsSchema = pageSchema(citationSchema).meta({ id: 'Citations' });
