import { Body, Controller, Delete, Get, Headers, HttpCode, Param, Patch, Post, Put, Query } from '@nestjs/common';
import { ApiConflictResponse, ApiHeader, ApiNoContentResponse, ApiOperation } from '@nestjs/swagger';
import { type Page, pageOf } from '@throughline/database/cursor.js';
import type { Transition } from '@throughline/database/transitions.js';
import { Answers, CurrentCaller, ManagementApi } from '../tenancy/tenancy.guard.js';
import { type Caller, type PageQuery, pageQuery } from '../tenancy/tenancy.types.js';
import { type CheckedMethod, MethodsService } from './methods.service.js';
import {
  checkedMethodSchema, type CodeBody, codeSchema, type CodeWayBody, codeWaySchema, methodSchema, type NewMethodBody, newMethodSchema, type NewPinBody, newPinSchema, type NewStaffBody,
  newStaffSchema, type StaffChangeBody, staffChangeSchema, staffMemberSchema, staffPageSchema,
} from './staff.schemas.js';
import { PinsService } from './pins.service.js';
import { StaffService } from './staff.service.js';
import { byQuery, type ByQuery, changesSchema, type ContactMethod, type StaffMemberWithMethods } from './staff.types.js';

const KEY = { name: 'Idempotency-Key', required: false, description: 'Any text of your own: the same key twice is one.' };

/** People who work for the tenant. */
@Controller('api/v1/staff')
@ManagementApi('On-call')
export class StaffController {
  constructor(private readonly staff: StaffService) {}

  @Get()
  @ApiOperation({ operationId: 'listStaff', summary: 'Staff members and how they are reached, oldest first' })
  @Answers(staffPageSchema, 'A page of staff members')
  async list(@CurrentCaller() { tenantId }: Caller, @Query({ schema: pageQuery() }) { limit, cursor }: PageQuery): Promise<Page<StaffMemberWithMethods>> {
    return pageOf(await this.staff.list(tenantId, cursor, limit + 1), limit, ({ createdAt, id }) => ({ at: createdAt, id }));
  }

  @Post()
  @ApiOperation({ operationId: 'addStaff', summary: 'Add a staff member' })
  @ApiHeader(KEY)
  @ApiConflictResponse({ description: 'The key came with somebody else before, or the externalRef is taken' })
  @Answers(staffMemberSchema, 'The new staff member', 201)
  add(@CurrentCaller() { tenantId }: Caller, @Body({ schema: newStaffSchema }) { by, ...wanted }: NewStaffBody, @Headers('Idempotency-Key') key?: string): Promise<StaffMemberWithMethods> {
    return this.staff.add(tenantId, wanted, { by, key });
  }

  @Get(':id')
  @ApiOperation({ operationId: 'getStaff', summary: 'One staff member' })
  @Answers(staffMemberSchema, 'The staff member')
  one(@CurrentCaller() { tenantId }: Caller, @Param('id') id: string): Promise<StaffMemberWithMethods> {
    return this.staff.member(tenantId, id);
  }

  @Patch(':id')
  @ApiOperation({ operationId: 'changeStaff', summary: 'Change a staff member', description: 'What is left out stays.' })
  @ApiConflictResponse({ description: 'Somebody else has changed it since it was read' })
  @Answers(staffMemberSchema, 'The staff member as it is now')
  change(@CurrentCaller() { tenantId }: Caller, @Param('id') id: string, @Body({ schema: staffChangeSchema }) { by, ...change }: StaffChangeBody): Promise<StaffMemberWithMethods> {
    const { version, name, timeZone, doNotDisturb, contactMethods } = change;
    return this.staff.change(tenantId, id, {
      version, contactMethods, ...(name === undefined ? {} : { name }), ...(timeZone === undefined ? {} : { timeZone }), ...(doNotDisturb === undefined ? {} : { doNotDisturb }),
    }, { by });
  }

  @Delete(':id')
  @HttpCode(204)
  @ApiOperation({ operationId: 'removeStaff', summary: 'They work here no more', description: 'Their numbers and addresses are gone with them; the name stays for what has happened.' })
  @ApiNoContentResponse({ description: 'They are removed' })
  @ApiConflictResponse({ description: 'A schedule counts on them: the answer says which' })
  remove(@CurrentCaller() { tenantId }: Caller, @Param('id') id: string, @Query({ schema: byQuery }) doing: ByQuery): Promise<void> {
    return this.staff.remove(tenantId, id, doing);
  }

  @Get(':id/changes')
  @ApiOperation({ operationId: 'listStaffChanges', summary: 'What was changed about them, oldest first' })
  @Answers(changesSchema, 'A page of changes')
  async changes(@CurrentCaller() { tenantId }: Caller, @Param('id') id: string, @Query({ schema: pageQuery() }) { limit, cursor }: PageQuery): Promise<Page<Transition>> {
    return pageOf(await this.staff.changes(tenantId, id, cursor, limit + 1), limit, ({ at, id }) => ({ at, id }));
  }
}

/** The ways to reach a staff member. */
@Controller('api/v1/staff/:staffId/contact-methods')
@ManagementApi('On-call')
export class MethodsController {
  constructor(private readonly methods: MethodsService) {}

  @Post()
  @ApiOperation({ operationId: 'addContactMethod', summary: 'Add a way to reach them, the last to be tried', description: 'It is used once a code has shown that it is theirs.' })
  @ApiHeader(KEY)
  @ApiConflictResponse({ description: 'They have it already, or the key came with another one before' })
  @Answers(methodSchema, 'The new contact method', 201)
  add(
    @CurrentCaller() { tenantId }: Caller, @Param('staffId') staffId: string, @Body({ schema: newMethodSchema }) { by, ...wanted }: NewMethodBody, @Headers('Idempotency-Key') key?: string,
  ): Promise<ContactMethod> {
    return this.methods.add(tenantId, staffId, wanted, { by, key });
  }

  @Delete(':methodId')
  @HttpCode(204)
  @ApiOperation({ operationId: 'removeContactMethod', summary: 'Use it no more' })
  @ApiNoContentResponse({ description: 'It is removed' })
  remove(@CurrentCaller() { tenantId }: Caller, @Param('staffId') staffId: string, @Param('methodId') methodId: string, @Query({ schema: byQuery }) doing: ByQuery): Promise<void> {
    return this.methods.remove(tenantId, staffId, methodId, doing);
  }

  @Post(':methodId/verification')
  @HttpCode(202)
  @ApiOperation({
    operationId: 'startContactMethodVerification', summary: 'Send a code there',
    description: 'By Twilio Verify. At most one code in 30 seconds and five in an hour. E-mail needs a mailer at your Verify service.',
  })
  @ApiConflictResponse({ description: 'It is verified already, takes no codes, or STOP was said from there' })
  @Answers(methodSchema, 'The contact method, to which a code is on its way', 202)
  start(
    @CurrentCaller() { tenantId }: Caller, @Param('staffId') staffId: string, @Param('methodId') methodId: string, @Body({ schema: codeWaySchema }) { by }: CodeWayBody,
  ): Promise<ContactMethod> {
    return this.methods.start(tenantId, staffId, methodId, by);
  }

  @Post(':methodId/verification/check')
  @HttpCode(200)
  @ApiOperation({
    operationId: 'checkContactMethodVerification', summary: 'The code that they have read or heard',
    description: 'Calls and texts to one number are verified together. At most ten tries in an hour.',
  })
  @ApiConflictResponse({ description: 'There is nothing to verify' })
  @Answers(checkedMethodSchema, 'Whether it was the right one')
  check(
    @CurrentCaller() { tenantId }: Caller, @Param('staffId') staffId: string, @Param('methodId') methodId: string, @Body({ schema: codeSchema }) { code }: CodeBody,
  ): Promise<CheckedMethod> {
    return this.methods.check(tenantId, staffId, methodId, code);
  }
}

/** By what a staff member shows that it is them, where they cannot sign in. */
@Controller('api/v1/staff/:staffId/pin')
@ManagementApi('On-call')
export class PinsController {
  constructor(private readonly pins: PinsService) {}

  @Put()
  @HttpCode(204)
  @ApiOperation({ operationId: 'setStaffPin', summary: 'Set their PIN', description: 'Behind the link of an alert it opens what the incident is about. Five wrong ones close it for an hour.' })
  @ApiNoContentResponse({ description: 'It is set, and the one before opens nothing any more' })
  set(@CurrentCaller() { tenantId }: Caller, @Param('staffId') staffId: string, @Body({ schema: newPinSchema }) { pin, by }: NewPinBody): Promise<void> {
    return this.pins.set(tenantId, staffId, pin, by);
  }

  @Delete()
  @HttpCode(204)
  @ApiOperation({ operationId: 'removeStaffPin', summary: 'Remove their PIN' })
  @ApiNoContentResponse({ description: 'It is removed' })
  remove(@CurrentCaller() { tenantId }: Caller, @Param('staffId') staffId: string, @Query({ schema: byQuery }) { by }: ByQuery): Promise<void> {
    return this.pins.remove(tenantId, staffId, by);
  }
}
