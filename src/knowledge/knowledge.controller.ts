import { Body, Controller, Delete, Get, HttpCode, Param, Patch, Post, Query } from '@nestjs/common';
import { ApiConflictResponse, ApiNoContentResponse, ApiOperation } from '@nestjs/swagger';
import { type Page, pageOf } from '@throughline/database/cursor.js';
import { z } from 'zod';
import { Answers, CurrentCaller, ManagementApi } from '../tenancy/tenancy.guard.js';
import { type Caller, type PageQuery, pageQuery } from '../tenancy/tenancy.types.js';
import {
  type CitationsQuery, citationsQuery, citationsSchema, foundSchema, knowledgePageSchema, knowledgePagesSchema, type NewPage, newPageSchema, type PageChange,
  pageChangeSchema, type SearchQuery, searchQuery,
} from './knowledge.schemas.js';
import { KnowledgeService } from './knowledge.service.js';
import type { Citation, FoundPassage, KnowledgePage } from './knowledge.types.js';

/** The tenant's own pages and answers, which the assistant may answer from. */
@Controller('api/v1/knowledge')
@ManagementApi('Knowledge')
export class KnowledgeController {
  constructor(private readonly knowledge: KnowledgeService) {}

  @Get()
  @ApiOperation({ operationId: 'listKnowledge', summary: 'Pages, oldest first, without their text' })
  @Answers(knowledgePagesSchema, 'A page of pages')
  async list(@CurrentCaller() { tenantId }: Caller, @Query({ schema: pageQuery() }) { limit, cursor }: PageQuery): Promise<Page<KnowledgePage>> {
    const rows = await this.knowledge.list(tenantId, cursor, limit + 1);
    return pageOf(rows, limit, (page) => ({ at: page.createdAt, id: page.id }));
  }

  @Post()
  @ApiOperation({ operationId: 'addKnowledge', summary: 'Add a page', description: 'The assistant finds it with the next question.' })
  @ApiConflictResponse({ description: 'Another page has the same sourceUrl' })
  @Answers(knowledgePageSchema, 'The new page', 201)
  add(@CurrentCaller() { tenantId }: Caller, @Body({ schema: newPageSchema }) page: NewPage): Promise<KnowledgePage> {
    return this.knowledge.add(tenantId, page);
  }

  @Get('search')
  @ApiOperation({ operationId: 'searchKnowledge', summary: 'What the assistant would find', description: 'Passages with all of the words, best first; where there are none, those with any of them.' })
  @Answers(z.array(foundSchema), 'The best passages')
  search(@CurrentCaller() { tenantId }: Caller, @Query({ schema: searchQuery }) { q, limit }: SearchQuery): Promise<FoundPassage[]> {
    return this.knowledge.search(tenantId, q, limit);
  }

  @Get(':id')
  @ApiOperation({ operationId: 'getKnowledge', summary: 'One page' })
  @Answers(knowledgePageSchema, 'The page')
  get(@CurrentCaller() { tenantId }: Caller, @Param('id') id: string): Promise<KnowledgePage> {
    return this.knowledge.page(tenantId, id);
  }

  @Patch(':id')
  @ApiOperation({ operationId: 'changeKnowledge', summary: 'Change a page', description: 'What is left out stays; null empties sourceUrl.' })
  @ApiConflictResponse({ description: 'Another page has the same sourceUrl' })
  @Answers(knowledgePageSchema, 'The page as it is now')
  change(@CurrentCaller() { tenantId }: Caller, @Param('id') id: string, @Body({ schema: pageChangeSchema }) change: PageChange): Promise<KnowledgePage> {
    const { title, body, sourceUrl } = change;
    return this.knowledge.change(tenantId, id, {
      ...(title === undefined ? {} : { title }), ...(body === undefined ? {} : { body }), ...(sourceUrl === undefined ? {} : { sourceUrl }),
    });
  }

  @Delete(':id')
  @HttpCode(204)
  @ApiOperation({ operationId: 'removeKnowledge', summary: 'Remove a page', description: 'Citations of earlier answers keep what was shown then.' })
  @ApiNoContentResponse({ description: 'The assistant does not find it any more' })
  remove(@CurrentCaller() { tenantId }: Caller, @Param('id') id: string): Promise<void> {
    return this.knowledge.remove(tenantId, id);
  }
}

/** What answers in a conversation were given from. */
@Controller('api/v1/conversations/:conversationSid/citations')
@ManagementApi('Conversations')
export class CitationsController {
  constructor(private readonly knowledge: KnowledgeService) {}

  @Get()
  @ApiOperation({ operationId: 'listCitations', summary: 'Passages that the assistant was shown, oldest first' })
  @Answers(citationsSchema, 'A page of citations')
  async list(
    @CurrentCaller() { tenantId }: Caller, @Param('conversationSid') conversationSid: string, @Query({ schema: citationsQuery }) query: CitationsQuery,
  ): Promise<Page<Citation>> {
    const { limit, cursor, turnId = null } = query;
    const rows = await this.knowledge.citationsOf(tenantId, conversationSid, { turnId, after: cursor, limit: limit + 1 });
    return pageOf(rows, limit, ({ citedAt, id }) => ({ at: citedAt, id }));
  }
}
