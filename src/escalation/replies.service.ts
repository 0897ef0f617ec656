import { Injectable } from '@nestjs/common';
import { Database } from '@throughline/database/database.js';
import { Clock } from '@throughline/kernel/clock.js';
import { ConversationsService } from '../conversations/conversations.service.js';
import type { InboundMessage } from '../conversations/conversations.types.js';
import { AttemptsRepository } from './attempts.repository.js';
import { EscalationService } from './escalation.service.js';
import { GOOD_FOR_MS, type Incident, isOpen } from './escalation.types.js';
import { IncidentsRepository } from './incidents.repository.js';
import { codeIn } from './ladder.policy.js';
import { PagingService } from './paging.service.js';

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
    conversations: ConversationsService,
  ) {
    conversations.divert((tenantId, message) => this.takeReply(tenantId, message));
  }

  /**
   * A text from somebody who was told of an incident: with the code first it takes it. Anything else while nobody has it is answered with how to;
   * it is no customer's message. What Twilio tells twice is done once.
   */
  private takeReply(tenantId: string, { channel, address, body, providerSid, optOutType }: InboundMessage): Promise<boolean> {
    if (channel !== 'sms' || optOutType) return Promise.resolve(false);
    return this.database.transaction(tenantId, async (tx) => {
      const alerts = await this.attempts.alertsAt(tx, address, new Date(this.clock.ms() - GOOD_FOR_MS));
      if (alerts.length === 0) return false;
      if (await this.incidents.isReply(tx, providerSid)) return true;
      const code = codeIn(body);
      const named = alerts.find((alert) => alert.code === code);
      const meant = named ?? alerts.find(({ incidentState }) => isOpen(incidentState as Incident['state']));
      const sighted = meant && (await this.escalation.lock(tx, meant.incidentId));
      if (!sighted) return false;
      if (!(await this.incidents.noteReply(tx, providerSid, meant.incidentId))) return true;
      const to = { round: meant.round, step: meant.step, staffId: meant.staffId, name: meant.name, channel: 'sms' as const, address };
      if (!named) {
        await this.paging.add(tx, sighted.incident, [{ ...to, says: 'help', key: `help/${address}` }]);
        return true;
      }
      const byText = sighted.attempts.find((each) => each.address === address && each.channel === 'sms' && each.says === 'alert') ?? meant;
      const { incident, isFirst } = await this.escalation.take(tx, sighted, { name: meant.name, staffId: meant.staffId, via: 'reply', attemptId: byText.id });
      const isTheirs = isFirst || incident.acknowledgedBy === meant.name;
      await this.paging.add(tx, incident, [{ ...to, says: isTheirs ? 'yours' : 'told', key: `${isTheirs ? 'yours' : 'late'}/${address}` }]);
      return true;
    });
  }
}
