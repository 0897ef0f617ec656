import {
  applyDecorators, type ArgumentMetadata, type CanActivate, createParamDecorator, type ExecutionContext, Injectable, SerializeOptions,
  StandardSchemaSerializerInterceptor, StandardSchemaValidationPipe, type Type, UseGuards, UseInterceptors, UsePipes,
} from '@nestjs/common';
import { ApiBearerAuth, ApiForbiddenResponse, ApiHeader, ApiResponse, ApiTags } from '@nestjs/swagger';
import { HubError, invalid } from '@throughline/kernel/errors.js';
import { addToLogScope } from '@throughline/kernel/log.js';
import { type FormParameters, formParameters, isPlausible, isSignedByTwilio } from '@throughline/twilio/signature.js';
import type { Request } from 'express';
import { z } from 'zod';
import { AppConfig } from '../app.config.js';
import { ApiLimits } from './api.limits.js';
import { refusedSignatures } from './tenancy.metrics.js';
import { TenancyService } from './tenancy.service.js';
import type { Caller } from './tenancy.types.js';

type WebhookRequest = Request & { body: Buffer; form?: FormParameters };
type ApiRequest = Request & { caller?: Caller };

/**
 * The route that a request was matched to, as the controller wrote it, for the labels of metrics. Never the path that
 * somebody asked for: each new label is kept for as long as the process lives.
 */
export function routeOf(request: Request): string {
  const path = (request.route as { path: string } | undefined)?.path;
  // What is mounted on everything, such as the logger, is a route to Express as well.
  return path && !path.includes('*') ? path : 'other';
}

/** Somebody came with a signature that is not Twilio's. */
export const noteRefused = (path: string): void => refusedSignatures.inc({ path });

/**
 * Lets a webhook in only if our Twilio account signed it. The body is still bytes here: nothing of it has been
 * believed before the signature was checked. No detail leaves: who forges a webhook learns nothing.
 */
@Injectable()
export class TwilioSignatureGuard implements CanActivate {
  constructor(
    private readonly tenancy: TenancyService,
    private readonly config: AppConfig,
  ) {}

  canActivate(context: ExecutionContext): boolean {
    const request = context.switchToHttp().getRequest<WebhookRequest>();
    const rawBody = Buffer.isBuffer(request.body) ? request.body : Buffer.alloc(0);
    const came = { url: this.config.publicBaseUrl + request.originalUrl, signature: request.header('x-twilio-signature'), rawBody, contentType: request.header('content-type') };
    const form = isPlausible(came) ? formParameters(rawBody) : {};
    const account = form['AccountSid'];
    const authTokens = typeof account === 'string' ? this.tenancy.authTokens(account) : [];
    if (!isSignedByTwilio({ ...came, form }, authTokens)) {
      noteRefused(routeOf(request));
      throw new HubError('forbidden', 'forbidden', 'Forbidden');
    }
    request.form = form;
    return true;
  }
}

/** The form parameters of a webhook whose signature was found right. */
export const SignedForm = createParamDecorator((_: unknown, context: ExecutionContext): FormParameters => {
  return context.switchToHttp().getRequest<WebhookRequest>().form ?? {};
});

/**
 * The management API: a Bearer token, and with it the tenant. Never a tenant from the body. The operator's own
 * token is not limited: it has to work on the day on which a program runs wild.
 */
@Injectable()
export class ApiTokenGuard implements CanActivate {
  constructor(
    private readonly tenancy: TenancyService,
    private readonly limits: ApiLimits,
  ) {}

  async canActivate(context: ExecutionContext): Promise<boolean> {
    const request = context.switchToHttp().getRequest<ApiRequest>();
    const [scheme, token] = (request.header('authorization') ?? '').split(' ');
    const caller = scheme?.toLowerCase() === 'bearer' && token
      ? await this.tenancy.callerOf(token, request.header('tenant-id'))
      : null;
    if (!caller) {
      throw new HubError('unauthenticated', 'unauthenticated', 'Send a valid token: Authorization: Bearer <token>.');
    }
    if (!caller.isAdmin) this.limits.take(token!);
    request.caller = caller;
    addToLogScope({ tenantId: caller.tenantId });
    return true;
  }
}

/** Only the bootstrap token (`ADMIN_TOKEN`) may make and list tenants, and say which number is whose. */
@Injectable()
export class AdminGuard implements CanActivate {
  canActivate(context: ExecutionContext): boolean {
    if (context.switchToHttp().getRequest<ApiRequest>().caller?.isAdmin) return true;
    throw new HubError('forbidden', 'forbidden', 'This needs the ADMIN_TOKEN of the hub.');
  }
}

/** A single route for the operator, in a controller that others may use. */
export const ForOperator = (): MethodDecorator =>
  applyDecorators(UseGuards(AdminGuard), ApiForbiddenResponse({ description: 'This needs the ADMIN_TOKEN' }));

/** Who is calling: `@CurrentCaller() caller: Caller`. */
export const CurrentCaller = createParamDecorator((_: unknown, context: ExecutionContext): Caller => {
  return context.switchToHttp().getRequest<ApiRequest>().caller!;
});

/** NUL and half a surrogate pair, as `JSON.stringify` writes them: Postgres keeps neither. */
const UNSTORABLE = /(?<!\\)(?:\\\\)*\\u(?:0000|d[89a-f][0-9a-f]{2})/;

const MOST_NESTED = 32;
const NOT_PLAIN = 'holds NUL or half a character, or is nested too deeply';

function isPlain(value: unknown): boolean {
  return !deeperThan(MOST_NESTED, value) && !UNSTORABLE.test(JSON.stringify(value) ?? '');
}

function deeperThan(levels: number, value: unknown): boolean {
  if (typeof value !== 'object' || value === null) return false;
  return levels === 0 || Object.values(value).some((part) => deeperThan(levels - 1, part));
}

/** Checks what came in against the schema that its parameter names, and says of each field what is wrong with it. */
@Injectable()
export class ApiShapePipe extends StandardSchemaValidationPipe {
  constructor() {
    super({
      exceptionFactory: (issues) => {
        const fields = (issues as readonly z.core.$ZodIssue[]).flatMap(refused);
        return invalid(fields.map(({ path, message }) => `${path}: ${message}`).join('; '), fields);
      },
    });
  }

  override async transform<T>(value: T, metadata: ArgumentMetadata): Promise<T> {
    if (metadata.type !== 'custom' && !isPlain(value)) {
      const path = metadata.data ?? metadata.type;
      throw invalid(`${path}: ${NOT_PLAIN}`, [{ path, message: NOT_PLAIN }]);
    }
    return super.transform(value, metadata);
  }
}

function refused(issue: z.core.$ZodIssue): { path: string; message: string }[] {
  if (issue.code === 'unrecognized_keys') return issue.keys.map((key) => ({ path: [...issue.path, key].join('.'), message: 'unknown field' }));
  const missing = issue.path.length === 0 && issue.code === 'invalid_type' && issue.input === undefined;
  return [{ path: issue.path.join('.') || 'body', message: missing ? 'send JSON, with Content-Type: application/json' : issue.message }];
}

/** A controller of the management API: behind a token, with its parameters and answers in shape. */
export const ManagementApi = (tag: string, ...guards: Type<CanActivate>[]): ClassDecorator =>
  applyDecorators(
    UseGuards(ApiTokenGuard, ...guards),
    UsePipes(ApiShapePipe),
    UseInterceptors(StandardSchemaSerializerInterceptor),
    ApiTags(tag),
    ApiBearerAuth(),
    ApiHeader({ name: 'Tenant-Id', required: false, description: 'Which tenant the ADMIN_TOKEN means; the default tenant without it. Other tokens have their own tenant.' }),
  );

/** What a route answers: nothing leaves that the schema does not name, and the documentation shows the same schema. */
export function Answers(schema: z.ZodType, description: string, status = 200): MethodDecorator {
  const item = schema instanceof z.ZodArray ? (schema.element as z.ZodType) : schema;
  return applyDecorators(SerializeOptions({ schema: item }), ApiResponse({ status, description, standardSchema: schema }));
}
