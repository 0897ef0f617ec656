import { Injectable } from '@nestjs/common';
import { Database, type Tx } from '@throughline/database/database.js';
import { Clock } from '@throughline/kernel/clock.js';
import { ConversationsService } from '../conversations/conversations.service.js';
import type { InboundMessage } from '../conversations/conversations.types.js';
import { StaffService } from '../staff/staff.service.js';
import { AttemptsRepository } from './attempts.repository.js';
import { EscalationService } from './escalation.service.js';
import { GOOD_FOR_MS, type Incident, isOpen, isWhoHasIt } from './escalation.types.js';
import { IncidentsRepository } from './incidents.repository.js';
import { callWishedIn, codeIn } from './ladder.policy.js';
import { PagingService } from './paging.service.js';

/** For so long after taking an incident somebody's words are about it. */
const ABOUT_IT_MS = 4 * 3_600_000;

type Alerts = Awaited<ReturnType<AttemptsRepository['alertsAt']>>;

/** What people text back who were told of an incident. */
@Injectable()
export class RepliesService {
  private readonly incidents = new IncidentsRepository();
  private readonly attempts = new AttemptsRepository();

  constructor(
    private readonly database: Database,
    private readonly clock: Clock,
    private readonly paging: PagingService,
    private readonly escalation: EscalationService,
    private readonly staff: StaffService,
    conversations: ConversationsService,
  ) {
    conversations.divert((tenantId, message) => this.takeReply(tenantId, message));
  }

  /**
   * What somebody writes who was told of an incident: with the code first it takes it, on SMS and WhatsApp, and by a mail whose author is proved. Anything
   * else while nobody has it is answered with how to; the word for a call before the code connects who has it already, and what else they write is noted. It is no customer's message. What the provider tells twice is done once.
   */
  private takeReply(tenantId: string, message: InboundMessage): Promise<boolean> {
    const { channel, address, alsoKnownAs, body, providerSid, unanswered } = message;
    if (channel !== 'sms' && channel !== 'whatsapp' && channel !== 'email') return Promise.resolve(false);
    return this.database.transaction(tenantId, async (tx) => {
      const word = await this.staff.wordIn(tx, message);
      const told = await this.attempts.alertsAt(tx, [address, ...(alsoKnownAs ? [alsoKnownAs] : [])], new Date(this.clock.ms() - GOOD_FOR_MS));
      const alerts = await this.paging.ofThoseHere(tx, told);
      if (word === 'stop' || word === 'start') return this.staff.hear(tx, message, mayTake(message) ? word : null);
      if (alerts.length === 0) return word === 'help' && this.staff.hear(tx, message, null);
      if (await this.incidents.isReply(tx, providerSid)) return true;
      const wish = mayTake(message) ? callWishedIn(body) : null;
      const code = mayTake(message) ? (codeIn(body) ?? wish) : null;
      const named = alerts.find((alert) => alert.code === code);
      const meant = named ?? alerts.find(({ incidentState }) => isOpen(incidentState as Incident['state']));
      const sighted = meant && (await this.escalation.lock(tx, meant.incidentId));
      if (!sighted) return word === 'help' ? this.staff.hear(tx, message, null) : this.takeWords(tx, message, alerts);
      if (!(await this.incidents.noteReply(tx, providerSid, meant.incidentId))) return true;
      this.staff.noteWrote(tx, message);
      const to = { round: meant.round, step: meant.step, staffId: meant.staffId, name: meant.name, channel, address: meant.address };
      if (!named || (wish && isOpen(sighted.incident.state))) {
        // Programs that answer by themselves would answer this as well.
        if (!unanswered) await this.paging.add(tx, sighted.incident, [{ ...to, says: 'help', key: `help/${meant.address}` }]);
        return true;
      }
      const byText = sighted.attempts.find((each) => each.address === meant.address && each.channel === channel && each.says === 'alert') ?? meant;
      const { incident, isFirst } = await this.escalation.take(tx, sighted, { name: meant.name, staffId: meant.staffId, via: 'reply', attemptId: byText.id });
      const isTheirs = isFirst || isWhoHasIt(incident, meant);
      if (wish && isTheirs) this.paging.connect(tx, byText, providerSid);
      else await this.paging.add(tx, incident, [{ ...to, says: isTheirs ? 'yours' : 'told', key: `${isTheirs ? 'yours' : 'late'}/${meant.address}` }]);
      return true;
    });
  }

  /** Who was told "You have it" says that they are on their way, and what they find: it is about what they have, opens nothing new, and is not answered. */
  private async takeWords(tx: Tx, message: InboundMessage, alerts: Alerts): Promise<boolean> {
    const since = this.clock.ms() - ABOUT_IT_MS;
    const taken = mayTake(message) ? alerts.filter(({ incidentState }) => incidentState === 'acknowledged') : [];
    for (const alert of taken) {
      const incident = await this.incidents.find(tx, alert.incidentId);
      if (!incident?.acknowledgedAt || incident.acknowledgedAt.getTime() <= since || !isWhoHasIt(incident, alert)) continue;
      if (!(await this.incidents.noteReply(tx, message.providerSid, incident.id))) return true;
      this.staff.noteWrote(tx, message);
      await this.paging.noteWords(tx, incident, { name: alert.name, channel: message.channel, body: message.body });
      return true;
    }
    return false;
  }
}

/** The network vouches for who texts. Anybody may write a mail in somebody's name, so its server has to vouch for it; and no program takes anything. */
const mayTake = ({ channel, trust, unanswered }: InboundMessage): boolean => !unanswered && (channel !== 'email' || trust === 'verified');
