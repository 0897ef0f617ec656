import { Body, Controller, Delete, Get, HttpCode, Param, Patch, Post, Query } from '@nestjs/common';
import { ApiNoContentResponse, ApiOperation } from '@nestjs/swagger';
import { type Page, pageOf } from '@throughline/database/cursor.js';
import { AdminGuard, Answers, CurrentCaller, ManagementApi } from './tenancy.guard.js';
import {
  issuedTokenSchema, type NewTenant, newTenantSchema, type NewToken, newTokenSchema, type TenantChange, tenantChangeSchema, tenantSchema, tenantsSchema,
} from './tenancy.schemas.js';
import { TenancyService } from './tenancy.service.js';
import { type Caller, type PageQuery, pageQuery, type Tenant } from './tenancy.types.js';

/** Tenants and the tokens of their programs: for the operator of the hub. */
@Controller('api/v1/tenants')
@ManagementApi('Tenants', AdminGuard)
export class TenantsController {
  constructor(private readonly tenancy: TenancyService) {}

  @Get()
  @ApiOperation({ operationId: 'listTenants', summary: 'All tenants, oldest first', description: 'Needs the ADMIN_TOKEN.' })
  @Answers(tenantsSchema, 'A page of tenants')
  async list(@Query({ schema: pageQuery() }) { limit, cursor }: PageQuery): Promise<Page<Tenant>> {
    const rows = await this.tenancy.listTenants(cursor, limit + 1);
    return pageOf(rows, limit, (tenant) => ({ at: tenant.createdAt, id: tenant.id }));
  }

  @Post()
  @ApiOperation({ operationId: 'createTenant', summary: 'Make a tenant', description: 'Needs the ADMIN_TOKEN. It belongs to the Twilio account of the hub.' })
  @Answers(tenantSchema, 'The new tenant', 201)
  create(@Body({ schema: newTenantSchema }) { name, settings }: NewTenant): Promise<Tenant> {
    return this.tenancy.addTenant(name, settings);
  }

  @Get(':id')
  @ApiOperation({ operationId: 'getTenant', summary: 'One tenant', description: 'Needs the ADMIN_TOKEN.' })
  @Answers(tenantSchema, 'The tenant')
  get(@Param('id') id: string): Promise<Tenant> {
    return this.tenancy.tenant(id);
  }

  @Patch(':id')
  @ApiOperation({ operationId: 'changeTenant', summary: 'Change name or settings', description: 'Needs the ADMIN_TOKEN. Other processes follow within 5 seconds.' })
  @Answers(tenantSchema, 'The tenant as it is now')
  change(@Param('id') id: string, @Body({ schema: tenantChangeSchema }) change: TenantChange): Promise<Tenant> {
    return this.tenancy.changeTenant(id, change);
  }

  @Post(':id/tokens')
  @ApiOperation({ operationId: 'issueToken', summary: 'Make a token for a program of the tenant', description: 'Needs the ADMIN_TOKEN. The token is shown this once.' })
  @Answers(issuedTokenSchema, 'The token', 201)
  issueToken(@Param('id') id: string, @Body({ schema: newTokenSchema }) { name }: NewToken): Promise<{ id: string; token: string }> {
    return this.tenancy.issueToken(id, name);
  }

  @Delete(':id/tokens/:tokenId')
  @HttpCode(204)
  @ApiOperation({ operationId: 'revokeToken', summary: 'End a token at once', description: 'Needs the ADMIN_TOKEN.' })
  @ApiNoContentResponse({ description: 'The token opens nothing any more' })
  revokeToken(@Param('id') id: string, @Param('tokenId') tokenId: string): Promise<void> {
    return this.tenancy.revokeToken(id, tokenId);
  }
}

/** The tenant that the token speaks for. */
@Controller('api/v1/tenant')
@ManagementApi('Tenants')
export class OwnTenantController {
  constructor(private readonly tenancy: TenancyService) {}

  @Get()
  @ApiOperation({ operationId: 'getOwnTenant', summary: 'The tenant of this token' })
  @Answers(tenantSchema, 'The tenant')
  get(@CurrentCaller() { tenantId }: Caller): Promise<Tenant> {
    return this.tenancy.tenant(tenantId);
  }

  @Patch()
  @ApiOperation({ operationId: 'changeOwnTenant', summary: 'Change its name or settings', description: 'Other processes follow within 5 seconds.' })
  @Answers(tenantSchema, 'The tenant as it is now')
  change(@CurrentCaller() { tenantId }: Caller, @Body({ schema: tenantChangeSchema }) change: TenantChange): Promise<Tenant> {
    return this.tenancy.changeTenant(tenantId, change);
  }
}
