import { Body, Controller, Delete, Get, HttpCode, Param, Patch, Post, Query } from '@nestjs/common';
import { ApiNoContentResponse, ApiOperation } from '@nestjs/swagger';
import { type Page, pageOf } from '@throughline/database/cursor.js';
import { Answers, CurrentCaller, ManagementApi } from '../tenancy/tenancy.guard.js';
import type { Caller, PageQuery } from '../tenancy/tenancy.types.js';
import { type NewWidget, newWidgetSchema, type WidgetChange, widgetChangeSchema, widgetSchema, widgetsQuery, widgetsSchema } from './visitors.schemas.js';
import type { Widget } from './visitors.types.js';
import { WidgetsService } from './widgets.service.js';

/** Widget keys: the senders of web chat. */
@Controller('api/v1/widgets')
@ManagementApi('Web chat')
export class WidgetsController {
  constructor(private readonly widgets: WidgetsService) {}

  @Get()
  @ApiOperation({ operationId: 'listWidgets', summary: 'Widgets, oldest first' })
  @Answers(widgetsSchema, 'A page of widgets')
  async list(@CurrentCaller() { tenantId }: Caller, @Query({ schema: widgetsQuery }) { limit, cursor }: PageQuery): Promise<Page<Widget>> {
    const rows = await this.widgets.list(tenantId, cursor, limit + 1);
    return pageOf(rows, limit, (widget) => ({ at: widget.createdAt, id: widget.key }));
  }

  @Post()
  @ApiOperation({
    operationId: 'addWidget', summary: 'Make a widget key',
    description: 'The key goes into the pages of `allowedOrigins`, and opens nothing anywhere else.',
  })
  @Answers(widgetSchema, 'The new widget', 201)
  add(@CurrentCaller() { tenantId }: Caller, @Body({ schema: newWidgetSchema }) widget: NewWidget): Promise<Widget> {
    return this.widgets.add(tenantId, widget);
  }

  @Get(':key')
  @ApiOperation({ operationId: 'getWidget', summary: 'One widget' })
  @Answers(widgetSchema, 'The widget')
  get(@CurrentCaller() { tenantId }: Caller, @Param('key') key: string): Promise<Widget> {
    return this.widgets.widget(tenantId, key);
  }

  @Patch(':key')
  @ApiOperation({ operationId: 'changeWidget', summary: 'Change a widget', description: 'What is left out stays. Other processes follow within 5 seconds.' })
  @Answers(widgetSchema, 'The widget as it is now')
  change(@CurrentCaller() { tenantId }: Caller, @Param('key') key: string, @Body({ schema: widgetChangeSchema }) change: WidgetChange): Promise<Widget> {
    return this.widgets.change(tenantId, key, change);
  }

  @Delete(':key')
  @HttpCode(204)
  @ApiOperation({ operationId: 'removeWidget', summary: 'Remove a widget', description: 'Nobody writes through it any more, within 5 seconds. What was said through it stays.' })
  @ApiNoContentResponse({ description: 'It is no widget of this tenant any more' })
  remove(@CurrentCaller() { tenantId }: Caller, @Param('key') key: string): Promise<void> {
    return this.widgets.remove(tenantId, key);
  }
}
