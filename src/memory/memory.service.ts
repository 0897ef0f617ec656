import { Injectable } from '@nestjs/common';
import { Database, type Tx } from '@throughline/database/database.js';
import { Clock } from '@throughline/kernel/clock.js';
import { uuidv7 } from '@throughline/kernel/ids.js';
import { oneLine } from '@throughline/kernel/words.js';
import { estimateTokens } from '@throughline/llm/tokens.js';
import { ContactsService } from '../contacts/contacts.service.js';
import type { Trust } from '../contacts/contacts.types.js';
import { ConversationsService } from '../conversations/conversations.service.js';
import type { Aloud, Conversation, Message } from '../conversations/conversations.types.js';
import { TenancyService } from '../tenancy/tenancy.service.js';
import { mayBeTold, worthShowing } from './facts.policy.js';
import { FactsRepository } from './facts.repository.js';
import { ForgettingService } from './forgetting.service.js';
import type { Fact, Forgetting, Known, NewFact, Recall, RememberOutcome, Summary } from './memory.types.js';
import { saidAt, trustOfQuestion, vouchedFor } from './opening.policy.js';
import { omittedBefore, recentWithin, shortened } from './recall.policy.js';
import { SummariesRepository } from './summaries.repository.js';
import { WithheldRepository } from './withheld.repository.js';
import { withoutForgotten } from './withholding.policy.js';

/** More messages than this are never read for one reply: 3,000 tokens are some 60 texts of usual length. */
const MOST_MESSAGES = 80;
/** So many are weighed for one reply; more than anybody has told in a lifetime of texts. */
const MOST_FACTS = 200;
/** What facts may take of a prompt, beside the messages: some 20 statements. */
const FACTS_TOKENS = 600;
/** Summaries of merged threads that a prompt has room for. */
const MOST_ELSEWHERE = 3;
const MOST_EXPORTED = 1_000_000;
/** Of a long question, so much is compared with the facts. */
const LONGEST_QUESTION = 1_000;
const NOBODY: Trust = 'anonymous';

/** What is remembered of a person, whichever channel it came by. */
@Injectable()
export class MemoryService {
  private readonly facts = new FactsRepository();
  private readonly summaries = new SummariesRepository();
  private readonly withheld = new WithheldRepository();

  constructor(
    private readonly clock: Clock,
    private readonly database: Database,
    private readonly conversations: ConversationsService,
    private readonly tenancy: TenancyService,
    private readonly forgetting: ForgettingService,
    private readonly contacts: ContactsService,
  ) {}

  /**
   * All that goes into a prompt. Stands in the way of every reply: one short transaction, six reads by key. Somebody who has
   * not shown who they are gets nothing out of it but what was said at their own address.
   *
   * @param aloud where they ask on the phone: each call has to show anew whose it is
   */
  async recall(tenantId: string, conversation: Conversation, budgetTokens: number, aloud?: Aloud): Promise<Recall> {
    const { conversationSid, contactId, lastInboundSeq } = conversation;
    const replyChannel = aloud ? 'voice' : conversation.replyChannel;
    const { settings } = await this.tenancy.tenant(tenantId);
    const found = await this.database.transaction(tenantId, async (tx) => {
      const [latest, summary, withheld, trustThere, ids] = await Promise.all([
        this.conversations.latestIn(tx, conversationSid, { limit: MOST_MESSAGES }),
        this.summaries.find(tx, conversationSid),
        this.withheld.of(tx, conversationSid),
        aloud ? trustOfCall(aloud) : this.trustIn(tx, conversation),
        this.contacts.idsOfPerson(tx, contactId),
      ]);
      const trust = aloud ? trustThere : trustOfQuestion(trustThere, this.contacts.isKnown(trustThere), latest);
      const isKnown = this.contacts.isKnown(trust);
      const messages = withoutForgotten(isKnown ? vouchedFor(latest) : latest, withheld, summary?.forgottenUpTo ?? 0, lastInboundSeq);
      const question = { text: questionOf(messages), language: settings.searchLanguage };
      const [candidates, elsewhere] = await Promise.all([isKnown ? this.facts.candidates(tx, ids, question, MOST_FACTS) : [], isKnown ? this.elsewhere(tx, ids, conversationSid) : []]);
      return { messages: messages.map(shortened), summary, trust, candidates, elsewhere };
    });
    const turns = recentWithin(found.messages, budgetTokens, estimateTokens);
    const omitted = omittedBefore(turns);
    const summaryDue = omitted !== null && omitted - 1 > (found.summary?.upToSeq ?? 0);
    if (!this.contacts.isKnown(found.trust)) return { ...this.opened(conversation, found.messages, budgetTokens, aloud), trust: found.trust, summaryDue };
    const occasion = { channel: replyChannel, now: this.clock.now(), budgetTokens: FACTS_TOKENS };
    const facts = worthShowing(found.candidates, occasion, estimateTokens);
    return { trust: found.trust, isKnown: true, summary: inAll(found.elsewhere, found.summary), facts, turns, omittedBefore: omitted, summaryDue };
  }

  /** What is remembered of the threads of contacts that were merged into this one. */
  private async elsewhere(tx: Tx, contactIds: string[], conversationSid: string): Promise<string[]> {
    if (contactIds.length < 2) return [];
    return this.summaries.others(tx, await this.conversations.sidsOf(tx, contactIds), conversationSid, MOST_ELSEWHERE);
  }

  private async trustIn(tx: Tx, { replyChannel, replyAddress }: Conversation): Promise<Trust> {
    return replyChannel && replyAddress ? this.contacts.trustOf(tx, replyChannel, replyAddress) : NOBODY;
  }

  /** What somebody gets who has not shown who they are. */
  private opened(
    { replyChannel, replyAddress }: Conversation, messages: readonly Message[], budgetTokens: number, aloud: Aloud | undefined,
  ): Pick<Recall, 'isKnown' | 'summary' | 'facts' | 'turns' | 'omittedBefore'> {
    const here = saidAt(messages, aloud ? { channel: 'voice', address: aloud.address, callSid: aloud.call.sid } : { channel: replyChannel ?? 'internal', address: replyAddress });
    return { isKnown: false, summary: null, facts: [], turns: recentWithin(here, budgetTokens, estimateTokens), omittedBefore: null };
  }

  /** Keeps a fact. One that it replaces stays as history and points at it. */
  async remember(tenantId: string, fact: NewFact): Promise<RememberOutcome> {
    const at = this.clock.now();
    const id = uuidv7(at.getTime());
    const statement = oneLine(fact.statement);
    return this.database.transaction(tenantId, async (tx): Promise<RememberOutcome> => {
      const { sourceMessageId, replaces, contactId, turnId } = fact;
      if (sourceMessageId && (await this.withheld.isWithheld(tx, sourceMessageId, turnId ?? null))) return 'withheld';
      const replaced = replaces ? await this.facts.lockNamed(tx, await this.contacts.idsOfPerson(tx, contactId), replaces) : null;
      if (replaces && !replaced) return 'no_such_fact';
      if (!(await this.facts.insert(tx, id, { ...fact, statement }, at))) return 'known';
      if (replaced) this.facts.supersede(tx, replaced, id, at);
      return 'remembered';
    });
  }

  /** What the person of this conversation may be told about what is known of them, read from the rows. */
  async known(tenantId: string, { conversationSid, contactId, replyChannel }: Conversation): Promise<Known> {
    const [facts, summary, elsewhere] = await this.database.transaction(tenantId, async (tx) => Promise.all([
      this.latest(tx, contactId), this.summaries.find(tx, conversationSid), this.elsewhere(tx, await this.contacts.idsOfPerson(tx, contactId), conversationSid),
    ]));
    const told = facts.filter((fact) => mayBeTold(fact, replyChannel));
    return { facts: told, untold: facts.length - told.length, summary: inAll(elsewhere, summary) };
  }

  /** What holds of a contact, oldest first. */
  async factsOf(tenantId: string, contactId: string): Promise<Fact[]> {
    return this.database.transaction(tenantId, (tx) => this.latest(tx, contactId));
  }

  private async latest(tx: Tx, contactId: string): Promise<Fact[]> {
    return this.facts.latest(tx, await this.contacts.idsOfPerson(tx, contactId), MOST_FACTS);
  }

  /** All that was ever kept about a person, oldest first. */
  async everythingOf(tx: Tx, contactIds: string[], conversationSids: string[]): Promise<{ facts: Fact[]; summaries: Summary[] }> {
    const facts = await this.facts.list(tx, contactIds, { history: true, after: null, limit: MOST_EXPORTED });
    const summaries = await Promise.all(conversationSids.map((sid) => this.summaries.find(tx, sid)));
    return { facts, summaries: summaries.filter((summary) => summary !== null) };
  }

  /** Not even the rows stay. Twice is once. */
  async erase(tx: Tx, contactIds: string[], conversationSids: string[]): Promise<Record<string, number>> {
    const counts = { facts: await this.facts.erase(tx, contactIds), summaries: 0, withheld: 0 };
    for (const sid of conversationSids) {
      counts.summaries += await this.summaries.erase(tx, sid);
      counts.withheld += await this.withheld.erase(tx, sid);
    }
    return counts;
  }

  /** Messages up to here are gone: the summary begins anew after them. */
  purge(tx: Tx, conversationSid: string, upToSeq: number): void {
    this.summaries.beginAnew(tx, conversationSid, upToSeq, this.clock.now());
  }

  /** Facts of all contacts that were learned before. */
  eraseOlderFacts(tx: Tx, before: Date): Promise<number> {
    return this.facts.eraseOlder(tx, before);
  }

  /** @returns how many facts were forgotten, those that they had replaced included */
  forget(tenantId: string, forgetting: Forgetting): Promise<number> {
    return this.forgetting.forget(tenantId, forgetting);
  }
}

const trustOfCall = ({ call }: Aloud): Trust => (call.proved ? 'attested_caller_id' : 'claimed');

/** The thread's own comes last. */
const inAll = (elsewhere: readonly string[], own: Summary | null): string | null =>
  [...elsewhere.map((summary) => `In another thread of theirs: ${summary}`), ...(own?.summary ? [own.summary] : [])].join('\n') || null;

/** What the customer wrote since the last answer. */
function questionOf(messages: readonly Message[]): string {
  const answered = messages.findLastIndex(({ direction }) => direction === 'outbound');
  const open = messages.slice(answered + 1).filter(({ direction }) => direction === 'inbound');
  return open.map(({ body }) => body).join('\n').slice(-LONGEST_QUESTION);
}
