import { Injectable, Logger } from '@nestjs/common';
import { Database, type Tx } from '@throughline/database/database.js';
import { Clock } from '@throughline/kernel/clock.js';
import { describe } from '@throughline/kernel/errors.js';
import { uuidv7 } from '@throughline/kernel/ids.js';
import type { ToolCall, ToolSpec } from '@throughline/llm/model.types.js';
import { storable } from '@throughline/llm/guardrails.js';
import type { Button, Message } from '../conversations/conversations.types.js';
import type { Tenant } from '../tenancy/tenancy.types.js';
import { type ToolCallOutcome, ToolCallsRepository } from './tool-calls.repository.js';
import { ToolRegistry, type Understood } from './tool.registry.js';
import type { Ended, ToolContext, ToolResult } from './tools.types.js';

/** What the model is told, or that there is nothing more to tell it. */
export type Used = { report: string } | { reply: { body: string; buttons: Button[] } } | { ended: Ended };

const MEMORY_TOOLS = ['remember', 'known_facts', 'forget'];

type Finish = { outcome: Exclude<ToolCallOutcome, 'started'>; note: string; used: Used };

/** Carries out what the model asks for, with a row in the audit before anything is done. */
@Injectable()
export class ToolsService {
  private readonly log = new Logger('Tools');
  private readonly calls = new ToolCallsRepository();

  constructor(
    private readonly clock: Clock,
    private readonly database: Database,
    private readonly registry: ToolRegistry,
  ) {}

  get specs(): readonly ToolSpec[] {
    return this.registry.specs;
  }

  /** The same in a phone call. */
  get spokenSpecs(): readonly ToolSpec[] {
    return this.registry.spokenSpecs;
  }

  /** The tool that a caller's message asks for by itself. */
  wishIn(tenant: Tenant, message: Message): Promise<ToolCall | null> {
    return this.registry.wishIn(tenant, message);
  }

  async use(context: ToolContext, call: ToolCall): Promise<Used> {
    const understood = this.registry.understand(call.name, call.arguments);
    const id = await this.open(context, call, understood);
    const finish = await this.carryOut(context, understood);
    await this.database.transaction(context.turn.tenantId, (tx) =>
      this.calls.close(tx, id, finish.outcome, storable(finish.note), this.clock.now()));
    return finish.used;
  }

  /** The audit keeps that there were calls about the person's facts, and no word of what they were about. */
  forgetMemories(tenantId: string, conversationSid: string): Promise<void> {
    return this.database.transaction(tenantId, (tx) => this.calls.blank(tx, conversationSid, MEMORY_TOOLS));
  }

  everythingIn(tx: Tx, conversationSid: string): Promise<Record<string, unknown>[]> {
    return this.calls.everythingIn(tx, conversationSid);
  }

  /** @param before only calls from before; all of them with null */
  erase(tx: Tx, conversationSid: string, before: Date | null): Promise<number> {
    return this.calls.erase(tx, conversationSid, before);
  }

  private async open({ turn }: ToolContext, call: ToolCall, understood: Understood): Promise<string> {
    const at = this.clock.now();
    const id = uuidv7(at.getTime());
    const args = 'tool' in understood ? understood.args : { unusable: call.arguments.slice(0, 2_000) };
    const row = {
      id, conversationSid: turn.conversationSid, turnId: turn.id, callId: storable(call.id).slice(0, 200),
      tool: storable(call.name).slice(0, 64), arguments: storableJson(args),
    };
    await this.database.transaction(turn.tenantId, (tx) => this.calls.open(tx, row, at));
    return id;
  }

  private async carryOut(context: ToolContext, understood: Understood): Promise<Finish> {
    if ('refusal' in understood) return told('refused', understood.refusal);
    const { tool, args } = understood;
    if (tool.needsKnown && !context.isKnown) return told('refused', 'The customer has not shown who they are.');
    if (tool.hasEffect && !(await context.goesOn())) return finishOf({ outcome: 'ended', by: 'stale' });
    try {
      const result = await within(tool.timeoutMs, tool.run(context, args));
      if (result !== 'timed_out') return finishOf(result);
      return told('timed_out', `${tool.name} took longer than ${tool.timeoutMs} ms. Whether it had an effect is not known.`);
    } catch (error) {
      this.log.warn(`tool ${tool.name} failed: ${describe(error)}`);
      return { ...told('failed', `${tool.name} failed. Do not say that it was done.`), note: describe(error) };
    }
  }
}

/** What went wrong is said first, so that no model takes it for a result. */
const told = (outcome: Finish['outcome'], report: string): Finish =>
  ({ outcome, note: report, used: { report: outcome === 'done' ? report : `${outcome}: ${report}` } });

const ENDINGS = { stale: 'Somebody else, or a later turn, answers instead.', handed_off: 'Handed off.', withdrawn: 'No more messages.', transferred: 'The caller is put through.' };

function finishOf(result: ToolResult): Finish {
  if (result.outcome === 'reply') return { outcome: 'done', note: 'Said, with suggested replies.', used: { reply: result } };
  if (result.outcome !== 'ended') return told(result.outcome, result.report);
  const outcome = result.by === 'stale' ? 'refused' : 'done';
  const note = ENDINGS[result.by];
  return { outcome, note, used: { ended: result.by } };
}

/** Postgres refuses NUL and halves of characters inside JSON, however they are escaped. */
function storableJson(value: unknown): unknown {
  return JSON.parse(JSON.stringify(value), (_key, part: unknown) => (typeof part === 'string' ? storable(part) : part));
}

async function within<T>(ms: number, work: Promise<T>): Promise<T | 'timed_out'> {
  let timer: NodeJS.Timeout | undefined;
  const limit = new Promise<'timed_out'>((resolve) => {
    timer = setTimeout(() => resolve('timed_out'), ms);
  });
  work.catch(() => undefined);
  return Promise.race([work, limit]).finally(() => clearTimeout(timer));
}
