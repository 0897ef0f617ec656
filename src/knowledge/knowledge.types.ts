/** A page or an answer of the tenant's own: what the assistant may say about the business. */
export interface KnowledgePage {
  id: string;
  title: string;
  /** Plain text or Markdown. */
  body: string;
  sourceUrl: string | null;
  /** Of its words, as Postgres calls it. */
  language: string;
  createdAt: Date;
  updatedAt: Date;
}

/** What of a page is found and shown at once. */
export interface Passage {
  /** The headings that it stands below, outermost first; empty at the top of a page. */
  heading: string;
  body: string;
}

export interface FoundPassage extends Passage {
  passageId: string;
  pageId: string;
  title: string;
  sourceUrl: string | null;
  /** How well it fits, greater is better; comparable within one answer only. */
  rank: number;
  /** Its telling parts, the words that were looked for between ** and **. */
  headline: string;
}

/** A passage that the model was shown in a turn. */
export interface Citation {
  id: string;
  conversationSid: string;
  turnId: string;
  pageId: string;
  passageId: string;
  title: string;
  sourceUrl: string | null;
  passage: string;
  citedAt: Date;
}
