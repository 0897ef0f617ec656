import { Body, Controller, Delete, Get, HttpCode, Param, Patch, Post, Query } from '@nestjs/common';
import { ApiConflictResponse, ApiNoContentResponse, ApiOperation } from '@nestjs/swagger';
import { type Page, pageOf } from '@throughline/database/cursor.js';
import type { Transition } from '@throughline/database/transitions.js';
import { byQuery, type ByQuery, changesSchema } from '../staff/staff.types.js';
import { Answers, CurrentCaller, ManagementApi } from '../tenancy/tenancy.guard.js';
import { type Caller, type PageQuery, pageQuery } from '../tenancy/tenancy.types.js';
import { type AlarmWordChangeBody, alarmWordChangeSchema, alarmWordSchema, alarmWordsSchema, type NewAlarmWordBody, newAlarmWordSchema, verdictsSchema } from './triage.schemas.js';
import { TriageService } from './triage.service.js';
import type { AlarmWord, Verdict } from './triage.types.js';
import { WordsService } from './words.service.js';

/** How urgent it is what people say: why somebody was told, and words of the tenant's own. */
@Controller('api/v1')
@ManagementApi('On-call')
export class TriageController {
  constructor(
    private readonly triage: TriageService,
    private readonly words: WordsService,
  ) {}

  @Get('conversations/:conversationSid/urgency')
  @ApiOperation({ operationId: 'listVerdicts', summary: 'How urgent it was what they said, who says so, and why; oldest first', description: 'The most urgent one counts. What nobody found worth a verdict is not among them.' })
  @Answers(verdictsSchema, 'A page of verdicts')
  async verdicts(@CurrentCaller() { tenantId }: Caller, @Param('conversationSid') conversationSid: string, @Query({ schema: pageQuery() }) { limit, cursor }: PageQuery): Promise<Page<Verdict>> {
    return pageOf(await this.triage.list(tenantId, conversationSid, cursor, limit + 1), limit, ({ createdAt, id }) => ({ at: createdAt, id }));
  }

  @Get('alarm-words')
  @ApiOperation({ operationId: 'listAlarmWords', summary: 'Words of your own that make urgent what is said with them, oldest first' })
  @Answers(alarmWordsSchema, 'A page of alarm words')
  async list(@CurrentCaller() { tenantId }: Caller, @Query({ schema: pageQuery() }) { limit, cursor }: PageQuery): Promise<Page<AlarmWord>> {
    return pageOf(await this.words.list(tenantId, cursor, limit + 1), limit, ({ createdAt, id }) => ({ at: createdAt, id }));
  }

  @Post('alarm-words')
  @ApiOperation({ operationId: 'addAlarmWord', summary: 'Add a word, or several that belong together', description: 'They are looked for in all that people and programs write and say, within seconds. The same once more changes nothing.' })
  @ApiConflictResponse({ description: 'These words are there already, and mean something else; or there are 500 words' })
  @Answers(alarmWordSchema, 'The new word', 201)
  add(@CurrentCaller() { tenantId }: Caller, @Body({ schema: newAlarmWordSchema }) { by, ...wanted }: NewAlarmWordBody): Promise<AlarmWord> {
    return this.words.add(tenantId, wanted, by);
  }

  @Patch('alarm-words/:id')
  @ApiOperation({ operationId: 'changeAlarmWord', summary: 'Change what a word means', description: 'What is left out stays.' })
  @ApiConflictResponse({ description: 'Somebody else has changed it since it was read' })
  @Answers(alarmWordSchema, 'The word as it is now')
  change(@CurrentCaller() { tenantId }: Caller, @Param('id') id: string, @Body({ schema: alarmWordChangeSchema }) { by, version, urgency, match, languages }: AlarmWordChangeBody): Promise<AlarmWord> {
    return this.words.change(tenantId, id, { version, ...(urgency ? { urgency } : {}), ...(match ? { match } : {}), ...(languages ? { languages } : {}) }, by);
  }

  @Delete('alarm-words/:id')
  @HttpCode(204)
  @ApiOperation({ operationId: 'removeAlarmWord', summary: 'Remove a word' })
  @ApiNoContentResponse({ description: 'It is removed' })
  remove(@CurrentCaller() { tenantId }: Caller, @Param('id') id: string, @Query({ schema: byQuery }) { by }: ByQuery): Promise<void> {
    return this.words.remove(tenantId, id, by);
  }

  @Get('alarm-words/:id/changes')
  @ApiOperation({ operationId: 'listAlarmWordChanges', summary: 'What was changed about a word, oldest first' })
  @Answers(changesSchema, 'A page of changes')
  async changes(@CurrentCaller() { tenantId }: Caller, @Param('id') id: string, @Query({ schema: pageQuery() }) { limit, cursor }: PageQuery): Promise<Page<Transition>> {
    return pageOf(await this.words.changes(tenantId, id, cursor, limit + 1), limit, ({ at, id: changeId }) => ({ at, id: changeId }));
  }
}
