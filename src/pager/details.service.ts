import { Injectable } from '@nestjs/common';
import { Database } from '@throughline/database/database.js';
import { recordTransition } from '@throughline/database/transitions.js';
import { Clock } from '@throughline/kernel/clock.js';
import { addToLogScope } from '@throughline/kernel/log.js';
import { isTimeZone } from '@throughline/kernel/wall-clock.js';
import { z } from 'zod';
import { ConversationsService } from '../conversations/conversations.service.js';
import type { Message } from '../conversations/conversations.types.js';
import { EscalationService } from '../escalation/escalation.service.js';
import type { Attempt, Sighted } from '../escalation/escalation.types.js';
import { TenancyService } from '../tenancy/tenancy.service.js';
import { detailsLinesIn } from './details.lines.js';
import { detailsPage, pinPage } from './details.page.js';
import { linesIn } from './lines.js';
import { page } from './pager.page.js';
import { type SessionCookie, SessionsService } from './sessions.service.js';

/** Of the conversation, the newest. */
const MOST_MESSAGES = 12;

const pinForm = z.object({ pin: z.string().trim().regex(/^\d{6,12}$/) });

type Found = Sighted & { attempt: Attempt };
export type Opened = { refused: string } | { cookie: SessionCookie; location: string };

/** What an incident is about, for the one to whom an alert was sent and nobody else. Each look at it is in the log of the incident. */
@Injectable()
export class DetailsService {
  constructor(
    private readonly database: Database,
    private readonly clock: Clock,
    private readonly tenancy: TenancyService,
    private readonly escalation: EscalationService,
    private readonly conversations: ConversationsService,
    private readonly sessions: SessionsService,
  ) {}

  /** The details, or where the PIN is asked for. A link that is not good shows the same as everywhere. */
  async look(token: string, cookies: string): Promise<string> {
    const found = await this.escalation.ofLink(token);
    if (!found) return page(linesIn('en'), null);
    addToLogScope({ tenantId: found.attempt.tenantId });
    const state = await this.sessions.stateOf(found.attempt, cookies);
    if (state === 'open') return this.show(found, token);
    const { lines } = await this.wordsFor(found);
    return pinPage(lines, { token, trouble: state === 'none' ? lines.noPin : null, canBeOpened: state !== 'none' });
  }

  /** Somebody types in a PIN. What is none by its looks is not tried. */
  async open(token: string, form: unknown): Promise<Opened> {
    const found = await this.escalation.ofLink(token);
    if (!found) return { refused: page(linesIn('en'), null) };
    addToLogScope({ tenantId: found.attempt.tenantId });
    const { lines } = await this.wordsFor(found);
    const typed = pinForm.safeParse(form);
    const path = `/a/${token}`;
    const entry = typed.success ? await this.sessions.enter(found.attempt, typed.data.pin, path) : ({ outcome: 'wrong' } as const);
    if (entry.outcome === 'open') return { cookie: entry.cookie, location: `${path}/details` };
    const trouble = { wrong: lines.wrong, closed: lines.closed, none: lines.noPin }[entry.outcome];
    return { refused: pinPage(lines, { token, trouble, canBeOpened: entry.outcome === 'wrong' }) };
  }

  /** Nobody looks without that being noted: it is one transaction. */
  private async show({ incident, attempt, attempts }: Found, token: string): Promise<string> {
    const { tenantId, conversationSid, state } = incident;
    const { lines, timeZone } = await this.wordsFor({ attempt });
    const { name, messages } = await this.database.transaction(tenantId, async (tx) => {
      const cause = `${attempt.name} looked at the details, by the link of ${attempt.id} and their PIN`;
      recordTransition(tx, { conversationSid, machine: 'incident', entityId: incident.id, from: state, to: state, cause, at: this.clock.now() });
      const isThere = conversationSid !== null && (await this.conversations.ownerOf(tx, conversationSid)) !== null;
      if (!isThere) return { name: null, messages: [] as Message[] };
      return { name: await this.conversations.contactNameOf(tx, conversationSid), messages: await this.conversations.latestIn(tx, conversationSid, { limit: MOST_MESSAGES }) };
    });
    return detailsPage(lines, { token, timeZone, incident, attempts, name, messages });
  }

  private async wordsFor({ attempt }: { attempt: Attempt }): Promise<{ lines: ReturnType<typeof detailsLinesIn>; timeZone: string }> {
    const { settings } = await this.tenancy.tenant(attempt.tenantId);
    return { lines: detailsLinesIn(settings.voice.languages[0] ?? 'en-US'), timeZone: isTimeZone(settings.timeZone) ? settings.timeZone : 'UTC' };
  }
}
