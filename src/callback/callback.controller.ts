import { Body, Controller, Headers, HttpCode, Param, Post } from '@nestjs/common';
import { ApiConflictResponse, ApiHeader, ApiOperation } from '@nestjs/swagger';
import { uuidv7 } from '@throughline/kernel/ids.js';
import { Clock } from '@throughline/kernel/clock.js';
import { Answers, CurrentCaller, ManagementApi } from '../tenancy/tenancy.guard.js';
import type { Caller } from '../tenancy/tenancy.types.js';
import { callbackSchema, type ConnectingBody, connectingSchema } from './callback.schemas.js';
import { CallbackService } from './callback.service.js';
import type { Callback } from './callback.types.js';

/** Whoever has an incident is connected with the person whom it is about. */
@Controller('api/v1/incidents')
@ManagementApi('On-call')
export class CallbackController {
  constructor(private readonly callbacks: CallbackService, private readonly clock: Clock) {}

  @Post(':id/connect')
  @HttpCode(200)
  @ApiOperation({
    operationId: 'connectIncident', summary: 'Connect whoever has the incident with the person whom it is about',
    description: 'They are called, and asked for a key; then the person is fetched from their call with us, or called back from a number of yours. Neither sees the number of the other.',
  })
  @ApiHeader({ name: 'Idempotency-Key', required: false, description: 'Any text of your own: the same key twice is one wish.' })
  @ApiConflictResponse({ description: 'Nobody has it, it is a drill, or there is no number of the person, or of whoever has it' })
  @Answers(callbackSchema, 'The callback as it stands now')
  connect(@CurrentCaller() { tenantId }: Caller, @Param('id') incidentId: string, @Body({ schema: connectingSchema }) { phone = undefined }: ConnectingBody, @Headers('Idempotency-Key') key?: string): Promise<Callback> {
    return this.callbacks.connect(tenantId, { incidentId, attemptId: null, callSid: null, phone: phone ?? null, key: key ? `api/${key}` : uuidv7(this.clock.ms()) });
  }
}
