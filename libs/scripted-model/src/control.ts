import type { IncomingMessage, ServerResponse } from 'node:http';
import { z } from 'zod';
import type { Controlled } from './model.types.js';
import type { Rule } from './script.js';

interface Exchange {
  request: IncomingMessage;
  response: ServerResponse;
  url: URL;
  body: () => Promise<unknown>;
}

const toolUse = z.strictObject({
  name: z.string().min(1),
  arguments: z.union([z.string(), z.record(z.string(), z.unknown())]).optional(),
});

const ms = z.number().min(0).max(600_000);

const step = z.union([
  z.strictObject({ say: z.string() }),
  z.strictObject({ callTool: toolUse }),
  z.strictObject({ pauseMs: ms }),
  z.strictObject({
    fail: z.number().int().min(400).max(599),
    retryAfterS: z.number().optional(),
    code: z.string().optional(),
    message: z.string().optional(),
  }),
  z.strictObject({ error: z.string() }),
  z.strictObject({ hang: z.literal(true) }),
  z.strictObject({ stop: z.enum(['cut', 'end']) }),
]);

const rule = z.strictObject({
  when: z.string().transform(expression).optional(),
  afterTool: z.string().optional(),
  task: z.string().optional(),
  times: z.number().int().min(1).optional(),
  say: z.string().optional(),
  callTool: z.union([toolUse, z.array(toolUse)]).optional(),
  fail: z.number().int().min(400).max(599).optional(),
  retryAfterS: z.number().min(0).optional(),
  code: z.string().optional(),
  hang: z.boolean().optional(),
  steps: z.array(step).optional(),
  delayMs: ms.optional(),
  betweenMs: ms.optional(),
  stopAfterWords: z.number().int().min(0).optional(),
  stopBy: z.enum(['cut', 'end']).optional(),
  omitUsage: z.boolean().optional(),
  finish: z.enum(['stop', 'tool_calls', 'length', 'content_filter']).optional(),
});

const rules = z.strictObject({ rules: z.array(rule) });

/** The same control for another process: see the README. */
export async function answerControl(model: Controlled, exchange: Exchange): Promise<void> {
  const route = `${exchange.request.method} ${exchange.url.pathname.slice('/_control/'.length)}`;
  if (route === 'GET requests') return answer(exchange, 200, await shown(model, exchange.url));
  if (exchange.request.method === 'POST' && !isJson(exchange.request)) {
    // Also keeps web pages out: they may not send this type to another origin without being asked.
    return answer(exchange, 415, { error: 'Send application/json.' });
  }
  if (route === 'POST next') {
    return order(exchange, z.union([z.array(rule), rule.transform((one) => [one])]), (list: Rule[]) => {
      for (const one of list) model.next(one);
      return { waiting: model.waiting() };
    });
  }
  if (route === 'POST script') {
    return order(exchange, rules, (script) => {
      model.use(script.rules);
      return { rules: script.rules.length };
    });
  }
  if (route !== 'POST reset') return answer(exchange, 404, { error: `There is no ${route} here; see the README.` });
  model.reset();
  answer(exchange, 200, { waiting: 0 });
}

async function order<T>(exchange: Exchange, schema: z.ZodType<T>, obey: (order: T) => unknown): Promise<void> {
  const parsed = schema.safeParse(await exchange.body());
  if (parsed.success) return answer(exchange, 200, obey(parsed.data));
  answer(exchange, 400, { error: z.prettifyError(parsed.error) });
}

/** With `waitMs` the answer comes when there is a request after `since`, or when the time is up. */
async function shown(model: Controlled, url: URL): Promise<unknown> {
  const since = Number(url.searchParams.get('since')) || 0;
  const waitMs = Math.min(Number(url.searchParams.get('waitMs')) || 0, 30_000);
  if (waitMs > 0) await model.received(since + 1, waitMs).catch(() => undefined);
  return { requests: model.requests(since), waiting: model.waiting() };
}

function expression(source: string, context: z.RefinementCtx): RegExp {
  try {
    return new RegExp(source, 'i');
  } catch (error) {
    context.addIssue({ code: 'custom', message: String(error) });
    return z.NEVER;
  }
}

const isJson = (request: IncomingMessage): boolean => /^application\/json\b/.test(request.headers['content-type'] ?? '');

function answer({ response }: Exchange, status: number, body: unknown): void {
  response.writeHead(status, { 'content-type': 'application/json' });
  response.end(JSON.stringify(body));
}
