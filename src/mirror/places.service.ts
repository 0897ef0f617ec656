import { Injectable } from '@nestjs/common';
import { Database } from '@throughline/database/database.js';
import { TwilioAccount } from '@throughline/twilio/account.js';
import { TwilioFailure, twilioFailure } from '@throughline/twilio/errors.js';
import { MirrorsRepository } from './mirrors.repository.js';

const MOST_REMEMBERED = 50_000;

/**
 * In which Conversations service a Conversation lives. It stays there for good, whatever service the hub is told to use
 * later, and every other service answers that it does not exist.
 */
@Injectable()
export class PlacesService {
  private readonly mirrors = new MirrorsRepository();
  private readonly remembered = new Map<string, string>();

  constructor(
    private readonly database: Database,
    private readonly account: TwilioAccount,
  ) {}

  async note(tenantId: string, conversationSid: string, serviceSid: string): Promise<void> {
    await this.database.transaction(tenantId, (tx) => this.mirrors.setService(tx, conversationSid, serviceSid));
    this.remember(conversationSid, serviceSid);
  }

  /** @throws TwilioFailure with status 404 when it is in none of the services we know */
  async serviceOf(tenantId: string, conversationSid: string): Promise<string> {
    const remembered = this.remembered.get(conversationSid);
    if (remembered) return remembered;
    const noted = await this.database.transaction(tenantId, (tx) => this.mirrors.serviceOf(tx, conversationSid));
    if (noted) return this.remember(conversationSid, noted);
    const found = await this.find(conversationSid);
    await this.note(tenantId, conversationSid, found);
    return found;
  }

  /** The service of the settings where none was noted. */
  async serviceKnown(tenantId: string, conversationSid: string): Promise<string | undefined> {
    const noted = await this.database.transaction(tenantId, (tx) => this.mirrors.serviceOf(tx, conversationSid));
    return noted ?? this.account.conversationsServiceSid;
  }

  /** One from before its service was noted: in the service of the settings, or in the account's default one. */
  private async find(conversationSid: string): Promise<string> {
    try {
      return (await this.account.conversations.get(conversationSid).fetch()).chatServiceSid;
    } catch (error) {
      const failure = twilioFailure(error);
      if (!isUnknown(failure) || !this.account.conversationsServiceSid) throw failure;
      const inDefault = this.account.conversationsIn(undefined).get(conversationSid);
      return (await inDefault.fetch().catch((again: unknown) => { throw twilioFailure(again); })).chatServiceSid;
    }
  }

  private remember(conversationSid: string, serviceSid: string): string {
    if (this.remembered.size >= MOST_REMEMBERED) this.remembered.clear();
    this.remembered.set(conversationSid, serviceSid);
    return serviceSid;
  }
}

const isUnknown = (failure: TwilioFailure): boolean => failure.httpStatus === 404;
