import { HttpException } from '@nestjs/common';
import type { NestExpressApplication } from '@nestjs/platform-express';
import { DocumentBuilder, type OpenAPIObject, SwaggerModule } from '@nestjs/swagger';
import { z } from 'zod';
import { type Problem, problemOf } from './app.errors.filter.js';

type Operation = NonNullable<OpenAPIObject['paths'][string]['get']>;

const problemSchema = z
  .object({
    type: z.string(), title: z.string(), status: z.int(), detail: z.string().optional().meta({ description: 'For people' }),
    code: z.string().meta({ description: 'For programs', examples: ['invalid'] }),
    errors: z.array(z.object({ path: z.string(), message: z.string() })).optional().meta({ description: 'Each field that was refused' }),
  })
  .meta({ description: 'Problem details, RFC 9457' }) satisfies z.ZodType<Problem>;

const PROBLEMS: Record<number, string> = {
  400: 'The request is not in shape; `errors` names each field',
  401: 'No token, or one that is not valid',
  403: 'This needs the ADMIN_TOKEN',
  404: 'Not there, or of another tenant; also a Tenant-Id that names none',
  409: 'Not possible in the present state',
  413: 'The body is larger than 256 kB',
  429: 'Too fast for this token; `Retry-After` says in how many seconds to come back',
};

const ABOUT = `The management API. Every request carries \`Authorization: Bearer <token>\`, and with it the tenant.

Lists are ordered oldest first and answered in pages: hand \`nextCursor\` back as \`cursor\`. Pages stay right while entries
are added. Times are UTC. What goes wrong is answered as problem details (RFC 9457, \`application/problem+json\`).`;

/** The page at /docs and the document at /docs/openapi.json, made at the first look. */
export function furnishOpenApi(app: NestExpressApplication): void {
  SwaggerModule.setup('docs', app, () => describeApi(app), {
    jsonDocumentUrl: 'docs/openapi.json',
    raw: ['json'],
    customSiteTitle: 'Throughline API',
    // Everything the page needs comes from this server; nothing is asked elsewhere.
    swaggerOptions: { validatorUrl: null, persistAuthorization: true, displayOperationId: false, docExpansion: 'list' },
  });
}

function describeApi(app: NestExpressApplication): OpenAPIObject {
  const about = new DocumentBuilder()
    .setTitle('Throughline').setDescription(ABOUT).setVersion('1')
    .addBearerAuth({ type: 'http', scheme: 'bearer', description: 'The ADMIN_TOKEN of the hub, or a token of one tenant' })
    .addTag('Tenants', 'Whom the hub works for, and the tokens of their programs')
    .addTag('Senders', 'Numbers and other addresses of ours')
    .addTag('Contacts', 'People, their addresses, and what they allow us to send')
    .addTag('Conversations', 'One per contact, across all channels')
    .addTag('Web chat', 'Widgets on your pages, and who writes through them')
    .addTag('Knowledge', 'Pages and answers of the tenant, which the assistant answers from')
    .addTag('On-call', 'Staff, schedules, who is on call, and incidents, of which they are told')
    .addTag('Deliveries', 'What became of each message that was sent')
    .build();
  const document = SwaggerModule.createDocument(app, about);
  document.paths = Object.fromEntries(Object.entries(document.paths).filter(([path]) => path.startsWith('/api/v1/')));
  document.components = { ...document.components, schemas: { ...document.components?.schemas, Problem: problemShape() } };
  for (const [path, item] of Object.entries(document.paths)) {
    for (const operation of Object.values(item) as Operation[]) addProblems(path, operation);
  }
  return document;
}

function problemShape(): NonNullable<NonNullable<OpenAPIObject['components']>['schemas']>[string] {
  const { $schema: _, ...shape } = z.toJSONSchema(problemSchema, { target: 'openapi-3.0' });
  return shape as ReturnType<typeof problemShape>;
}

/** Besides what a route itself names: what may go wrong with any of them, with those for the operator, and with a body. */
function addProblems(path: string, { responses, requestBody }: Operation): void {
  const named = Object.keys(responses).map(Number).filter((status) => status >= 400);
  const statuses = [400, 401, 404, 429, ...(path.startsWith('/api/v1/tenants') ? [403] : []), ...(requestBody ? [413] : []), ...named];
  for (const status of statuses) {
    const description = (responses[status] as { description?: string } | undefined)?.description || PROBLEMS[status]!;
    const example = problemOf(new HttpException(description, status));
    responses[status] = { description, content: { 'application/problem+json': { schema: { $ref: '#/components/schemas/Problem' }, example } } };
  }
}
