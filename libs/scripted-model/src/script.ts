import type { Prompt } from './prompt.js';

export interface ToolUse {
  name: string;
  /** An object, or the raw text of the arguments where a test wants them broken. */
  arguments?: Record<string, unknown> | string;
}

export type FinishReason = 'stop' | 'tool_calls' | 'length' | 'content_filter';

/** What the model does, one after the other. `fail` counts only as the first step. */
export type Step =
  | { say: string }
  | { callTool: ToolUse }
  | { pauseMs: number }
  | { fail: number; retryAfterS?: number; code?: string; message?: string }
  /** An error written into a stream that has begun with HTTP 200. */
  | { error: string }
  /** Never another byte; the socket stays open. */
  | { hang: true }
  /** `cut`: the socket breaks. `end`: the stream ends in good order, but without a finish_reason. */
  | { stop: 'cut' | 'end' };

/** A script is a function from what the model was shown to what it does; it may wait for something first. */
export type ScriptFunction = (prompt: Prompt) => Step[] | Promise<Step[]>;

/** How an answer comes, whatever it says. */
export interface Manner {
  /** Before the first byte. */
  delayMs?: number;
  /** Between two words. */
  betweenMs?: number;
  /** The answer breaks off after so many words … */
  stopAfterWords?: number;
  /** … by a broken socket (`cut`, default) or by a stream that just ends. */
  stopBy?: 'cut' | 'end';
  /** As a server that does not know `stream_options`. */
  omitUsage?: boolean;
  /** Says that it ended for this reason. */
  finish?: FinishReason;
}

/**
 * One thing the model is told to do. Without content (say, callTool, fail, hang, steps) it changes only the
 * manner, and the content comes from the next in line.
 */
export interface Directive extends Manner {
  say?: string;
  callTool?: ToolUse | ToolUse[];
  fail?: number;
  retryAfterS?: number;
  /** `error.code` of the failure, e.g. insufficient_quota. */
  code?: string;
  hang?: boolean;
  steps?: Step[] | ScriptFunction;
}

/** A predicate gets the last user message and the whole prompt. */
export type When = RegExp | ((lastUserText: string, prompt: Prompt) => boolean);

export interface Rule extends Directive {
  /** Looked at only while it is the user's turn: a rule that calls a tool must not answer the result with it again. */
  when?: When;
  /** The rule answers the result of this tool instead. */
  afterTool?: string;
  /** The rule answers the background job of this name (system line `TASK: <name>`) instead. */
  task?: string;
  /** How often it applies; default: always. */
  times?: number;
}

export type Script = ScriptFunction | Rule[];

export interface Plan {
  manner: Manner;
  steps: Step[];
}

interface Standing {
  rule: Rule;
  left: number;
}

/** Rules in front of a script, one-shot directives in front of the rules. */
export class Playbook {
  private oneShots: Standing[] = [];
  private rules: Standing[] = [];
  private base: ScriptFunction;

  constructor(
    private readonly initial: ScriptFunction,
    private readonly initialRules: Rule[] = [],
  ) {
    this.base = initial;
    this.use(initialRules);
  }

  /** Once, for the first request that it fits. Of several each waits for a request of its own. */
  next(directive: Rule | ScriptFunction): void {
    const rule = typeof directive === 'function' ? { steps: directive } : directive;
    this.oneShots.push({ rule, left: rule.times ?? 1 });
  }

  /** Rules stand in front of the present script and replace earlier rules; a function replaces the script. */
  use(script: Script): void {
    if (typeof script === 'function') this.base = script;
    else this.rules = script.map((rule) => ({ rule, left: rule.times ?? Number.POSITIVE_INFINITY }));
  }

  reset(): void {
    this.oneShots = [];
    this.base = this.initial;
    this.use(this.initialRules);
  }

  /** Directives that nothing has used yet: a test may end by asking for 0. */
  get waiting(): number {
    return this.oneShots.length;
  }

  async plan(prompt: Prompt): Promise<Plan> {
    const manner: Manner = {};
    for (const directive of this.spend(prompt)) {
      Object.assign(manner, { ...mannerOf(directive), ...manner });
      const steps = await contentOf(directive, prompt);
      if (steps) return { manner, steps };
    }
    return { manner, steps: await this.base(prompt) };
  }

  /** All that apply, spent at once: two requests at a time must not use the same one-shot. */
  private spend(prompt: Prompt): Rule[] {
    const applied: Rule[] = [];
    const shot = this.oneShots.find(({ rule }) => fits(rule, prompt));
    for (const standing of [...(shot ? [shot] : []), ...this.rules]) {
      if (standing.left <= 0 || (standing !== shot && !fits(standing.rule, prompt))) continue;
      standing.left -= 1;
      applied.push(standing.rule);
      if (hasContent(standing.rule)) break;
    }
    this.oneShots = this.oneShots.filter(({ left }) => left > 0);
    return applied;
  }
}

function fits(rule: Rule, prompt: Prompt): boolean {
  // A directive without conditions is meant for the reply under test, not for a summary made beside it.
  if (rule.task !== prompt.task) return false;
  const result = prompt.toolResult;
  if (rule.afterTool !== undefined) return result?.tool === rule.afterTool;
  if (rule.when === undefined) return true;
  if (result) return false;
  const text = prompt.lastUserText;
  // `search` starts at the beginning even for a sticky or global expression.
  return typeof rule.when === 'function' ? rule.when(text, prompt) : text.search(rule.when) >= 0;
}

function mannerOf({ delayMs, betweenMs, stopAfterWords, stopBy, omitUsage, finish }: Directive): Manner {
  const manner = { delayMs, betweenMs, stopAfterWords, stopBy, omitUsage, finish };
  return Object.fromEntries(Object.entries(manner).filter(([, value]) => value !== undefined));
}

function hasContent({ say, callTool, fail, hang, steps }: Directive): boolean {
  return say !== undefined || callTool !== undefined || fail !== undefined || hang === true || steps !== undefined;
}

async function contentOf(directive: Directive, prompt: Prompt): Promise<Step[] | undefined> {
  if (!hasContent(directive)) return undefined;
  const { say, callTool, fail, retryAfterS, code, hang, steps } = directive;
  if (fail !== undefined) return [{ fail, ...(retryAfterS === undefined ? {} : { retryAfterS }), ...(code ? { code } : {}) }];
  if (typeof steps === 'function') return steps(prompt);
  const tools = callTool === undefined ? [] : [callTool].flat();
  return [
    ...(steps ?? []),
    ...(say === undefined ? [] : [{ say }]),
    ...tools.map((use) => ({ callTool: use })),
    ...(hang ? [{ hang: true as const }] : []),
  ];
}
