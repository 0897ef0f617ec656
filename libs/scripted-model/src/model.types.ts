import type { RecordedRequest } from './journal.js';
import type { Rule, Script, ScriptFunction } from './script.js';

export interface ScriptedModel {
  origin: string;
  /** What goes into OPENAI_BASE_URL. */
  baseUrl: string;
  /** What the model was shown, oldest first; with `since` only requests after that number. */
  requests(since?: number): RecordedRequest[];
  /** Those that are replies to somebody: no background job is among them, whenever it comes. */
  turns(): RecordedRequest[];
  /** All requests, as soon as number `count` has come. Rejects after `withinMs` (default 30,000). */
  received(count: number, withinMs?: number): Promise<RecordedRequest[]>;
  /** Once, for the next request that fits. Directives queue up. */
  next(directive: Rule | ScriptFunction): void;
  /** Rules in front of the present script (they replace earlier rules), or another script. */
  use(script: Script): void;
  /** Directives that no request has used yet. */
  waiting(): number;
  /** Back to the script it was started with; directives, rules and records are gone. */
  reset(): void;
  close(): Promise<void>;
}

/** What the control API may do with it. */
export type Controlled = Omit<ScriptedModel, 'origin' | 'baseUrl' | 'close'>;
