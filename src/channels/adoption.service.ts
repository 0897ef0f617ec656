import { Injectable, Logger } from '@nestjs/common';
import { Clock } from '@throughline/kernel/clock.js';
import { HubError } from '@throughline/kernel/errors.js';
import type { JobOutcome } from '@throughline/queues/job-runner.js';
import { ContactsService } from '../contacts/contacts.service.js';
import { ConversationsService } from '../conversations/conversations.service.js';
import { MirrorService } from '../mirror/mirror.service.js';
import type { ForeignConversation, ForeignMessage } from '../mirror/mirror.types.js';
import { TenancyService } from '../tenancy/tenancy.service.js';
import type { Sender } from '../tenancy/tenancy.types.js';
import { onlyCustomer, sameWords } from './adoption.policy.js';
import { TwilioInbox } from './twilio.inbox.js';

/** Twilio notes a message in its log and in the Conversation within seconds, each by the time of a clock of its own. */
const NEAR_MS = 120_000;
/** How often to look for a message that Twilio's log does not show yet, and after how long that is no lag any more. */
const LOOK_AGAIN_MS = 10_000;
const LAG_MS = 600_000;

/**
 * An account with autocreation on makes Conversations of its own, in which every reply would go out twice. What the
 * customer wrote is taken in under the sid that the messaging webhook and Twilio's log know it by, so that it is one
 * message whichever of them comes first; then the Conversation is closed, which frees the address.
 */
@Injectable()
export class AdoptionService {
  private readonly log = new Logger('Adoption');
  private readonly warned = new Set<string>();

  constructor(
    private readonly clock: Clock,
    private readonly tenancy: TenancyService,
    private readonly contacts: ContactsService,
    private readonly conversations: ConversationsService,
    private readonly mirror: MirrorService,
    private readonly inbox: TwilioInbox,
  ) {}

  async adopt(foreign: ForeignConversation, messageSid: string): Promise<JobOutcome> {
    const message = await this.mirror.foreignMessage(foreign, messageSid);
    const sender = message && (await this.senderIn(message));
    if (!message || !sender) return;
    const customer = onlyCustomer(message.participants);
    if (!customer) return this.leaveAlone(foreign, sender.address, 'more people are in it');
    if (message.author !== customer.address) return; // a program speaks to the customer there
    if (!(await this.takeIn(sender, customer.address, message))) return this.notListed(foreign, message);
    await this.mirror.closeForeign(foreign);
    this.log.warn(
      `Twilio made Conversation ${foreign.foreignSid} by itself for ${sender.address}. It was closed; switch autocreation off for this address.`,
    );
  }

  /** The sender of ours that people text in this Conversation. Other numbers of the account are other programs' business. */
  private async senderIn({ participants }: ForeignMessage): Promise<Sender | null> {
    for (const { proxyAddress } of participants) {
      if (!proxyAddress) continue;
      const { channel, address } = this.contacts.parseAddress(proxyAddress);
      const sender = await this.tenancy.senderKnown(channel, address);
      if (sender) return sender;
    }
    return null;
  }

  /** @returns false while Twilio's log does not show the message */
  private async takeIn(sender: Sender, customer: string, message: ForeignMessage): Promise<boolean> {
    const since = new Date(message.createdAt.getTime() - NEAR_MS);
    const { address } = this.contacts.parseAddress(customer);
    const listed = await this.inbox.listed({ to: sender, from: address, since });
    const tenant = await this.tenancy.tenant(sender.tenantId);
    const known = await this.conversations.providerSidsKnown(tenant.id, listed.map((text) => text.sid));
    for (const text of listed.filter(({ sid }) => !known.has(sid))) {
      await this.conversations.receive(tenant, await this.inbox.read(text));
    }
    return listed.some((text) => sameWords(text.body, message.body));
  }

  private notListed({ foreignSid }: ForeignConversation, message: ForeignMessage): JobOutcome {
    if (this.clock.ms() - message.createdAt.getTime() < LAG_MS) return { again: this.clock.in(LOOK_AGAIN_MS) };
    throw new HubError('unavailable', 'not_in_the_log', `Conversation ${foreignSid} has a customer's message that Twilio's log does not show. Read it there.`);
  }

  private leaveAlone({ foreignSid }: ForeignConversation, address: string, why: string): void {
    if (this.warned.has(address)) return;
    this.warned.add(address);
    this.log.warn(`Conversation ${foreignSid} uses our sender ${address} and was left alone, because ${why}. Replies may go out twice there.`);
  }
}
