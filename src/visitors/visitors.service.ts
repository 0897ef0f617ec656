import { Injectable } from '@nestjs/common';
import { Database, type Tx } from '@throughline/database/database.js';
import { Clock } from '@throughline/kernel/clock.js';
import { HubError, invalid } from '@throughline/kernel/errors.js';
import { isUuid } from '@throughline/kernel/ids.js';
import { SessionsService } from './sessions.service.js';
import { VisitorsRepository } from './visitors.repository.js';
import type { ChatSession, Lead, Opened, Visitor, Widget } from './visitors.types.js';
import { WidgetsService } from './widgets.service.js';

/** How long somebody who typed is shown as typing, in milliseconds. */
const TYPING_MS = 10_000;

/** The front door: who writes through which widget. */
@Injectable()
export class VisitorsService {
  private readonly visitors = new VisitorsRepository();

  constructor(
    private readonly database: Database,
    private readonly clock: Clock,
    private readonly sessions: SessionsService,
    private readonly widgets: WidgetsService,
  ) {}

  /** The visitor who has been here before, or a new one; see SessionsService. */
  open(...opening: Parameters<SessionsService['open']>): Promise<Opened> {
    return this.sessions.open(...opening);
  }

  /** Who a token speaks for; see SessionsService. */
  verify(token: string, origins: readonly string[]): Promise<ChatSession> {
    return this.sessions.verify(token, origins);
  }

  /** The widget, as pages of this origin may use it. It is kept in mind: ask as often as you like. @throws HubError `forbidden` */
  widgetAt(key: string, origin: string): Promise<Widget> {
    return this.widgets.usableAt(key, origin);
  }

  isOriginKnown(origin: string): Promise<boolean> {
    return this.widgets.isOriginKnown(origin);
  }

  /** A widget under a key that is given, made or changed to these particulars. */
  async keepWidget(tenantId: string, key: string, particulars: Omit<Widget, 'key' | 'tenantId' | 'createdAt'>): Promise<void> {
    const isKnown = await this.widgets.isThere(tenantId, key);
    await (isKnown ? this.widgets.change(tenantId, key, { allowedOrigins: particulars.allowedOrigins }) : this.widgets.add(tenantId, particulars, key));
  }

  /** @throws HubError `unauthenticated` for a visitor who is gone: erased, or away for too long */
  async visitorIn(tx: Tx, id: string): Promise<Visitor> {
    return present(await this.visitors.find(tx, id));
  }

  /** The same, held until the transaction ends. */
  async holdIn(tx: Tx, id: string): Promise<Visitor> {
    return present(await this.visitors.lock(tx, id));
  }

  visitor({ tenantId, visitorId }: ChatSession): Promise<Visitor> {
    return this.database.transaction(tenantId, (tx) => this.visitorIn(tx, visitorId));
  }

  /** @throws HubError `invalid` where the visitor's widget takes no files */
  async takesAttachments({ widgetKey, origin }: ChatSession): Promise<void> {
    if (!(await this.widgets.usableAt(widgetKey, origin)).attachments) throw invalid('This widget takes no attachments.');
  }

  /** Notes in which conversation the visitor is now. @returns all that they were in, in order; null for a visitor who is gone */
  async goesOnIn(tx: Tx, address: string, conversationSid: string): Promise<string[] | null> {
    return isUuid(address) ? this.visitors.goesOnIn(tx, address, conversationSid) : null;
  }

  async setLead(tx: Tx, visitorId: string, lead: Lead): Promise<void> {
    await this.visitors.setLead(tx, visitorId, lead);
  }

  /** Shown to staff for some seconds. Lost to a power cut, nobody misses it. */
  async noteTyping({ tenantId, visitorId }: ChatSession, on: boolean): Promise<void> {
    await this.database.note(tenantId, (tx) => this.visitors.setTyping(tx, visitorId, on ? this.clock.in(TYPING_MS) : null));
  }

  /** The visitors at these addresses of the channel `chat`. */
  at(tx: Tx, addresses: string[]): Promise<Visitor[]> {
    return this.visitors.of(tx, addresses.filter(isUuid));
  }

  /** Visitors who did not come back in time. @returns how many of them there were, `most` at most */
  removeExpired(tx: Tx, most: number): Promise<number> {
    return this.visitors.removeExpired(tx, this.clock.now(), most);
  }

  /**
   * Takes the visitors at these addresses away; their tokens open nothing any more. Others keep nothing of who they said they are where
   * one of the addresses is in it. Twice is once.
   *
   * @param until who came later may be somebody new with the same address
   */
  async erase(tx: Tx, addresses: string[], until: Date): Promise<Record<string, number>> {
    return { visitors: await this.visitors.erase(tx, addresses.filter(isUuid)), claims: await this.visitors.forgetClaims(tx, addresses, until) };
  }
}

function present(visitor: Visitor | null): Visitor {
  if (!visitor) throw new HubError('unauthenticated', 'session_ended', 'This visitor is not known any more. Begin anew.');
  return visitor;
}
