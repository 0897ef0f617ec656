import type { Channel } from '../conversations/conversations.types.js';
import type { Fact } from './memory.types.js';
import type { TokenCount } from './recall.policy.js';

/** Channels whose address a carrier vouches for. A chat visitor or a sender of mail is whoever they say they are. */
const PROVEN: ReadonlySet<string> = new Set<Channel>(['sms', 'whatsapp', 'rcs', 'voice']);

/** What a fact's date, channel and mark cost besides its words. */
const TOKENS_AROUND = 16;
const DAY_MS = 86_400_000;
/** After this many days half of a fact's freshness is gone. */
const HALF_LIFE_DAYS = 90;
const WEIGHTS = { recency: 0.4, confidence: 0.3, relevance: 0.3 };

export interface Candidate extends Fact {
  /** How well it fits the open question: 0 for not at all; only comparable among the candidates of one question. */
  relevance: number;
}

/** Whether a person who writes on this channel may be told it. */
export const mayBeTold = ({ sensitivity }: Pick<Fact, 'sensitivity'>, channel: Channel | null): boolean =>
  sensitivity === 'ordinary' || (channel !== null && PROVEN.has(channel));

const mayBeShown = (candidate: Candidate, channel: Channel | null): boolean =>
  mayBeTold(candidate, channel) && (candidate.sensitivity !== 'special' || candidate.relevance > 0);

export interface Occasion {
  channel: Channel | null;
  now: Date;
  budgetTokens: number;
}

/** The facts that serve this occasion best and fit into its budget, oldest first. */
export function worthShowing(candidates: readonly Candidate[], { channel, now, budgetTokens }: Occasion, tokensOf: TokenCount): Fact[] {
  const most = Math.max(...candidates.map(({ relevance }) => relevance), Number.MIN_VALUE);
  const scoreOf = ({ createdAt, confidence, relevance }: Candidate): number => {
    const days = Math.max(0, now.getTime() - createdAt.getTime()) / DAY_MS;
    return WEIGHTS.recency * 0.5 ** (days / HALF_LIFE_DAYS) + WEIGHTS.confidence * confidence + WEIGHTS.relevance * (relevance / most);
  };
  const best = candidates.filter((candidate) => mayBeShown(candidate, channel)).toSorted((a, b) => scoreOf(b) - scoreOf(a));
  let left = budgetTokens;
  const chosen = best.filter((fact) => {
    const cost = costOf(fact, tokensOf);
    if (cost > left) return false;
    left -= cost;
    return true;
  });
  return chosen.toSorted((a, b) => a.createdAt.getTime() - b.createdAt.getTime() || (a.id < b.id ? -1 : 1));
}

/** In tokens, within a prompt. */
export const costOf = ({ statement }: Pick<Fact, 'statement'>, tokensOf: TokenCount): number => tokensOf(statement) + TOKENS_AROUND;
