import { Injectable, Logger } from '@nestjs/common';
import { TwilioAccount } from '@throughline/twilio/account.js';
import { ContactsService } from '../contacts/contacts.service.js';
import { ConversationsService } from '../conversations/conversations.service.js';
import { TenancyService } from '../tenancy/tenancy.service.js';
import { isGone, TwilioConversations } from './twilio.conversations.js';

/**
 * The messaging webhook and the autocreated Conversation tell of the same message under two ids. They are the same
 * when address and words agree within this time; seen on live accounts they come within seconds.
 */
const TWIN_MS = 120_000;

/**
 * An account with autocreation on makes Conversations of its own, in which every reply would go out twice. Their
 * messages are taken in, once, and the Conversation is closed, which frees the address.
 */
@Injectable()
export class AdoptionService {
  private readonly log = new Logger('Adoption');

  constructor(
    private readonly tenancy: TenancyService,
    private readonly contacts: ContactsService,
    private readonly twilio: TwilioConversations,
    private readonly conversations: ConversationsService,
    private readonly account: TwilioAccount,
  ) {}

  async adopt(foreignSid: string, messageSid: string): Promise<void> {
    const bindings = await this.twilio.bindings(foreignSid).catch(ignoreGone);
    const message = bindings?.length ? await this.twilio.message(foreignSid, messageSid).catch(ignoreGone) : null;
    const binding = bindings?.find((candidate) => candidate.address === message?.author);
    if (!message || !binding) return; // somebody else's Conversation, or not the customer speaking
    const from = this.contacts.parseAddress(binding.address);
    const to = this.contacts.parseAddress(binding.proxyAddress);
    const sender = await this.tenancy.senderReached(this.account.accountSid, to.channel, to.address);
    const at = message.createdAt;
    const words = { address: from.address, body: message.body };
    if (!(await this.conversations.heardTwin(sender.tenantId, words, new Date(at.getTime() - TWIN_MS), new Date(at.getTime() + TWIN_MS)))) {
      const tenant = await this.tenancy.tenant(sender.tenantId);
      await this.conversations.receive(tenant, {
        providerSid: messageSid, channel: from.channel, address: from.address, sender: to.address, body: message.body, media: [], receivedAt: at,
      });
    }
    await this.twilio.close(foreignSid);
    this.log.warn(
      `Twilio made Conversation ${foreignSid} by itself for ${sender.address}. It was closed; switch autocreation off for this address.`,
    );
  }
}

function ignoreGone(error: unknown): null {
  if (isGone(error)) return null;
  throw error;
}
