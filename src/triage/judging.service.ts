import { Injectable, Logger } from '@nestjs/common';
import { Clock } from '@throughline/kernel/clock.js';
import { HubError } from '@throughline/kernel/errors.js';
import type { JobOutcome } from '@throughline/queues/job-runner.js';
import { ConversationsService } from '../conversations/conversations.service.js';
import type { Message } from '../conversations/conversations.types.js';
import { TenancyService } from '../tenancy/tenancy.service.js';
import type { Tenant } from '../tenancy/tenancy.types.js';
import { type Asked, AskingService } from './asking.service.js';
import { burstOf, fateOf, isOpen, isUnproved, listsFor, wordsOf } from './judging.policy.js';
import { VerdictsService } from './verdicts.service.js';
import { type NewVerdict, unasked } from './triage.types.js';
import { WordsService } from './words.service.js';

/** Waits before the model is asked again. After the last one the words have the last word. */
const ASK_AGAIN_MS = [4_000, 15_000, 45_000];
/** While another message of the conversation is asked about; what is said then may have been a part of it. */
const LOOK_AGAIN_MS = 2_000;
/** Messages that are judged at once, and that are shown besides. */
const MOST_AT_ONCE = 20;
const MOST_BEFORE = 8;

type About = Pick<NewVerdict, 'conversationSid' | 'fromSeq' | 'seq' | 'isUnproved'>;

/** Says how urgent it is what somebody has said: by its words, or by asking the model. */
@Injectable()
export class JudgingService {
  private readonly log = new Logger('Triage');

  constructor(
    private readonly clock: Clock,
    private readonly tenancy: TenancyService,
    private readonly conversations: ConversationsService,
    private readonly words: WordsService,
    private readonly asking: AskingService,
    private readonly verdicts: VerdictsService,
  ) {}

  /** Words that leave no doubt, on whatever channel, and whoever answers them. Running twice reports them once. */
  async heard(tenantId: string, conversationSid: string, seq: number): Promise<void> {
    const [message] = await this.conversations.between(tenantId, conversationSid, { afterSeq: seq - 1, upToSeq: seq, limit: 1 });
    const tenant = await this.tenancy.tenant(tenantId);
    const heard = message && (await this.words.heardIn(tenantId, wordsOf(message), listsFor(message, tenant.settings.triage)));
    if (!heard) return;
    const about = { conversationSid, fromSeq: seq, seq, isUnproved: isUnproved(message.details) };
    await told(this.verdicts.give(tenant, { ...unasked, ...about, judge: 'words', urgency: heard.urgency, reasons: [`They say: ${heard.words}`] }));
  }

  /** A message that no turn of the assistant looks at, and what has come since. Running twice, or twice at once, reports it once. */
  async judge(tenantId: string, conversationSid: string, seq: number): Promise<JobOutcome> {
    const tenant = await this.tenancy.tenant(tenantId);
    const known = await this.verdicts.known(tenantId, conversationSid, seq);
    if (known) return told(this.verdicts.act(tenant, known));
    const upToSeq = (await this.conversations.find(tenantId, conversationSid))?.lastSeq ?? 0;
    const burst = burstOf(await this.conversations.between(tenantId, conversationSid, { afterSeq: seq - 1, upToSeq, limit: MOST_AT_ONCE }));
    const [first, last] = [burst[0], burst.at(-1)];
    if (!first || !last) return;
    const about = { conversationSid, fromSeq: seq, seq: last.seq, isUnproved: isUnproved(first.details) };
    const fate = fateOf(tenant.settings, first, isOpen(tenant.settings, this.clock.now()));
    if (fate.fate !== 'ruled') return fate.fate === 'ask' ? this.ask(tenant, about, burst) : undefined;
    // A voicemail that nobody can read is for people to hear, and they are told so.
    await told(this.verdicts.give(tenant, { ...unasked, ...about, judge: 'rule', urgency: fate.urgency, reasons: [fate.reason] }, first.channel === 'voice' ? `${fate.reason}.` : null));
  }

  private async ask(tenant: Tenant, about: About, burst: Message[]): Promise<JobOutcome> {
    const known = await this.verdicts.begin(tenant.id, about);
    if (known === 'busy') return { again: this.clock.in(LOOK_AGAIN_MS) };
    try {
      return known ? await told(this.verdicts.act(tenant, known)) : await this.askAlone(tenant, about, burst);
    } finally {
      await this.verdicts.end(tenant.id, about);
    }
  }

  private async askAlone(tenant: Tenant, about: About, burst: Message[]): Promise<JobOutcome> {
    let judged: Asked;
    try {
      judged = await this.asking.judge(tenant, await this.before(tenant.id, burst[0]!), burst);
    } catch (error) {
      if (!(error instanceof HubError)) throw error;
      return this.failed(tenant, about, error);
    }
    await told(this.verdicts.give(tenant, { ...about, ...judged, judge: 'model', tries: 1 }));
  }

  /** What was said before is nothing to whoever only says who they are. */
  private async before(tenantId: string, { conversationSid, seq, details }: Message): Promise<Message[]> {
    if (isUnproved(details) || details?.call?.proved === false) return [];
    return (await this.conversations.latest(tenantId, conversationSid, { limit: MOST_BEFORE, beforeSeq: seq })).filter(({ direction }) => direction !== 'internal');
  }

  /** Asked again for a while; then what the words say stands, and people are asked to read it. */
  private async failed(tenant: Tenant, about: About, error: HubError): Promise<JobOutcome> {
    const isUsedUp = error.code === 'too_many_requests';
    const tries = await this.verdicts.noteTry(tenant.id, about);
    const wait = ASK_AGAIN_MS[tries - 1];
    this.log.warn(`nobody says how urgent ${about.conversationSid} is (${tries}): ${error.code}`);
    if (error.retryable && !isUsedUp && wait !== undefined) return { again: this.clock.in(wait) };
    const why = isUsedUp ? 'so much has come in that it is not looked at any more in this hour' : 'the model could not be had';
    await this.verdicts.give(tenant, { ...unasked, ...about, judge: 'nobody', urgency: null, reasons: [why], tries }, `Nobody has looked whether this is urgent: ${why}. Please read it.`);
  }
}

/** Where nobody can be told, that is noted. */
async function told(report: Promise<unknown>): Promise<void> {
  await report.catch((error: unknown) => {
    if (!(error instanceof HubError && error.code === 'no_policy')) throw error;
  });
}
