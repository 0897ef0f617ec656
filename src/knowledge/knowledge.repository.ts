import type { Tx } from '@throughline/database/database.js';
import type { FoundPassage, KnowledgePage, Passage } from './knowledge.types.js';

const COLUMNS = 'id, title, body, source_url, language, created_at, updated_at';

/** SQL of `knowledge_pages` and `knowledge_passages`. */
export class KnowledgeRepository {
  /** @returns false when another page has its source */
  async insert(tx: Tx, page: KnowledgePage): Promise<boolean> {
    return (await tx.rows(
      `insert into knowledge_pages (tenant_id, ${COLUMNS}) values ($1, $2, $3, $4, $5, $6, $7, $7) on conflict do nothing returning 1`,
      [tx.tenantId, page.id, page.title, page.body, page.sourceUrl, page.language, page.createdAt],
    )).length === 1;
  }

  async find(tx: Tx, id: string): Promise<KnowledgePage | null> {
    const [row] = await tx.rows<KnowledgePage>(`select ${COLUMNS} from knowledge_pages where tenant_id = $1 and id = $2`, [tx.tenantId, id]);
    return row ?? null;
  }

  async lock(tx: Tx, id: string): Promise<KnowledgePage | null> {
    const [row] = await tx.rows<KnowledgePage>(`select ${COLUMNS} from knowledge_pages where tenant_id = $1 and id = $2 for update`, [tx.tenantId, id]);
    return row ?? null;
  }

  async hasSource(tx: Tx, sourceUrl: string, exceptId: string): Promise<boolean> {
    return (await tx.rows(
      'select 1 from knowledge_pages where tenant_id = $1 and source_url = $2 and id <> $3', [tx.tenantId, sourceUrl, exceptId],
    )).length > 0;
  }

  update(tx: Tx, page: KnowledgePage): void {
    tx.write(
      'update knowledge_pages set title = $2, body = $3, source_url = $4, language = $5, updated_at = $6 where id = $1',
      [page.id, page.title, page.body, page.sourceUrl, page.language, page.updatedAt],
    );
  }

  /** With its passages. @returns false when it is not there */
  async remove(tx: Tx, id: string): Promise<boolean> {
    return (await tx.count('delete from knowledge_pages where tenant_id = $1 and id = $2', [tx.tenantId, id])) === 1;
  }

  async list(tx: Tx, after: { at: Date; id: string } | null, limit: number): Promise<KnowledgePage[]> {
    return tx.rows<KnowledgePage>(
      `select ${COLUMNS} from knowledge_pages
       where tenant_id = $1 and ($2::timestamptz is null or (created_at, id) > ($2, $3::uuid)) order by created_at, id limit $4`,
      [tx.tenantId, after?.at ?? null, after?.id ?? null, limit],
    );
  }

  /** Puts these in place of the page's passages. The title weighs most, then the headings. */
  setPassages(tx: Tx, { id, title, language }: KnowledgePage, passages: (Passage & { id: string })[]): void {
    tx.write('delete from knowledge_passages where tenant_id = $1 and page_id = $2', [tx.tenantId, id]);
    tx.write(
      `insert into knowledge_passages (id, tenant_id, page_id, position, heading, body, words)
       select p.id, $1, $2, p.position, p.heading, p.body,
         setweight(to_tsvector($4::text::regconfig, $3), 'A') || setweight(to_tsvector($4::text::regconfig, p.heading), 'B')
         || to_tsvector($4::text::regconfig, p.body)
       from jsonb_to_recordset($5::jsonb) as p (id uuid, position int, heading text, body text)`,
      [tx.tenantId, id, title, language, JSON.stringify(passages.map((passage, position) => ({ ...passage, position })))],
    );
  }

  /**
   * The passages that fit best, best first.
   *
   * @param anyWord false: all words have to be there, as people know it from the web ("in quotes", or, -without)
   */
  async search(tx: Tx, query: string, anyWord: boolean, limit: number): Promise<FoundPassage[]> {
    const asked = anyWord
      ? `replace(plainto_tsquery(g.language::regconfig, $2)::text, '&', '|')::tsquery`
      : 'websearch_to_tsquery(g.language::regconfig, $2)';
    return tx.rows<FoundPassage>(
      `with found as (
         select p.id, p.page_id, p.position, p.heading, p.body, g.title, g.source_url, g.language, asked.query,
           ts_rank_cd(p.words, asked.query, 1)::float8 as rank
         from knowledge_passages p join knowledge_pages g on g.id = p.page_id, lateral (select ${asked} as query) as asked
         where p.tenant_id = $1 and g.tenant_id = $1 and p.words @@ asked.query
         order by rank desc, p.page_id, p.position limit $3)
       select id as passage_id, page_id, title, source_url, heading, body, rank,
         ts_headline(language::regconfig, body, query, 'StartSel=**, StopSel=**, MaxFragments=2, MaxWords=25, MinWords=8') as headline
       from found order by rank desc, page_id, position`,
      [tx.tenantId, query, limit],
    );
  }
}
