import { createHash, randomBytes, timingSafeEqual } from 'node:crypto';
import { Injectable, Logger } from '@nestjs/common';
import { Database, type Tx } from '@throughline/database/database.js';
import { Clock } from '@throughline/kernel/clock.js';
import { conflict, HubError, invalid, notFound } from '@throughline/kernel/errors.js';
import { isUuid, uuidv7 } from '@throughline/kernel/ids.js';
import { AppConfig } from '../app.config.js';
import { SendersRepository } from './senders.repository.js';
import { type Caller, type Sender, type SenderChannel, type Tenant, tenantSettingsSchema } from './tenancy.types.js';
import { TenantsRepository } from './tenants.repository.js';
import { TokensRepository } from './tokens.repository.js';
import { WindowsService } from './windows.service.js';

/** How long another process may still see a tenant's old settings or miss a new sender. */
const CACHE_MS = 5_000;

const NO_ENGINE = 'only a sender of the channel voice has an engine';

/** What may be said of a sender besides where it is. */
type Changeable = Pick<Sender, 'label' | 'messagesPerSecond' | 'messagingServiceSid' | 'engine'>;

interface Cached<T> {
  value: T;
  until: number;
}

/** Whose number is this, whose token is this, and what has that tenant set. */
@Injectable()
export class TenancyService {
  private readonly log = new Logger('Tenancy');
  private readonly tenantCache = new Map<string, Cached<Tenant>>();
  private readonly senderCache = new Map<string, Cached<Sender>>();
  private readonly tenants = new TenantsRepository();
  private readonly senders = new SendersRepository();
  private readonly tokens = new TokensRepository();

  constructor(
    private readonly database: Database,
    private readonly clock: Clock,
    private readonly config: AppConfig,
    /** Limits that hold over all processes. */
    readonly windows: WindowsService,
  ) {}

  /** @param within a transaction of this tenant that goes on: one that asks for a second connection may wait for all others that do, for ever. @throws HubError `not_found` */
  async tenant(tenantId: string, within?: Tx): Promise<Tenant> {
    const cached = this.fresh(this.tenantCache, tenantId);
    if (cached) return cached;
    if (!isUuid(tenantId)) throw notFound('tenant', tenantId);
    const tenant = await (within ? this.tenants.find(within, tenantId) : this.database.transaction(tenantId, (tx) => this.tenants.find(tx, tenantId)));
    if (!tenant) throw notFound('tenant', tenantId);
    return this.keep(this.tenantCache, tenantId, tenant);
  }

  /** The account's default tenant, made at the first start with its credentials. */
  async defaultTenant(name = 'Default tenant'): Promise<Tenant> {
    const { accountSid } = this.config.twilio;
    const createdAt = this.clock.now();
    const tenant: Tenant = {
      id: uuidv7(createdAt.getTime()), name, accountSid, isDefault: true, settings: tenantSettingsSchema.parse({}), createdAt,
    };
    return this.database.asSystem(async (tx) => {
      const known = await this.tenants.findDefault(tx, accountSid);
      if (known) return known;
      return (await this.tenants.insert(tx, tenant)) ? tenant : (await this.tenants.findDefault(tx, accountSid))!;
    });
  }

  /**
   * The sender that a webhook names, whose signature has proved the account. A number not known yet is registered
   * to the account's default tenant, so that a newcomer configures nothing.
   */
  async senderReached(accountSid: string, channel: SenderChannel, address: string, messagingServiceSid: string | null = null): Promise<Sender> {
    const known = await this.senderAt(accountSid, channel, address);
    if (known) return known;
    const tenant = await this.defaultTenant();
    await this.addSender(tenant.id, { channel, address, messagingServiceSid, origin: 'webhook' }).catch((error: unknown) => {
      if (!(error instanceof HubError && error.code === 'sender_taken')) throw error;
    });
    const sender = await this.senderAt(accountSid, channel, address);
    if (!sender) throw notFound('sender', address);
    this.log.log(`${channel} sender ${address} was not known; it belongs to tenant ${sender.tenantId} now`);
    return sender;
  }

  /** The sender at this address of our account, whichever tenant it belongs to; null when the hub does not know it. */
  senderKnown(channel: SenderChannel, address: string): Promise<Sender | null> {
    return this.senderAt(this.config.twilio.accountSid, channel, address);
  }

  private async senderAt(accountSid: string, channel: SenderChannel, address: string): Promise<Sender | null> {
    const key = `${accountSid}/${channel}/${address}`;
    const cached = this.fresh(this.senderCache, key);
    if (cached) return cached;
    const found = await this.database.asSystem((tx) => this.senders.findByAddress(tx, accountSid, channel, address));
    return found && this.keep(this.senderCache, key, found);
  }

  /** One of the tenant's own senders. */
  async sender(tenantId: string, channel: SenderChannel, address: string): Promise<Sender | null> {
    const { accountSid } = this.config.twilio;
    const key = `${accountSid}/${channel}/${address}`;
    const cached = this.fresh(this.senderCache, key);
    if (cached) return cached.tenantId === tenantId ? cached : null;
    const found = await this.database.transaction(tenantId, (tx) => this.senders.findByAddress(tx, accountSid, channel, address));
    return found ? this.keep(this.senderCache, key, found) : null;
  }

  async addSender(
    tenantId: string,
    request: Pick<Sender, 'channel' | 'address' | 'origin'> & Partial<Changeable>,
  ): Promise<Sender> {
    const createdAt = this.clock.now();
    const sender: Sender = {
      id: uuidv7(createdAt.getTime()), tenantId, accountSid: this.config.twilio.accountSid, channel: request.channel,
      address: request.address, origin: request.origin, label: request.label ?? null, createdAt,
      messagesPerSecond: request.messagesPerSecond ?? null,
      messagingServiceSid: request.messagingServiceSid ?? null,
      engine: request.engine ?? (request.channel === 'voice' ? 'relay' : null),
      caughtUpUntil: null,
    };
    const added = await this.database.transaction(tenantId, (tx) => this.senders.insert(tx, sender));
    if (!added) throw conflict('sender_taken', `${request.address} is a ${request.channel} sender of this Twilio account already.`);
    return sender;
  }

  async changeSender(
    tenantId: string, id: string, change: Partial<Changeable>,
  ): Promise<Sender> {
    if (!isUuid(id)) throw notFound('sender', id);
    const changed = await this.database.transaction(tenantId, async (tx) => {
      const present = await this.senders.find(tx, id);
      if (present && present.channel !== 'voice' && change.engine) throw invalid(NO_ENGINE, [{ path: 'engine', message: NO_ENGINE }]);
      return present && this.senders.update(tx, id, { ...present, ...change });
    });
    if (!changed) throw notFound('sender', id);
    this.senderCache.clear();
    return changed;
  }

  /**
   * The sender belongs to another tenant of the same account from now on, with its own pace and label. What was said by
   * it stays with the tenant that it was said to: the new one is not shown a text from before.
   */
  async moveSender(tenantId: string, id: string, toTenantId: string): Promise<Sender> {
    const target = await this.tenant(toTenantId);
    if (target.accountSid !== this.config.twilio.accountSid) throw notFound('tenant', toTenantId);
    if (!isUuid(id)) throw notFound('sender', id);
    const moved = await this.database.asSystem((tx) => this.senders.move(tx, id, { from: tenantId, to: target.id, at: this.clock.now() }));
    if (!moved) throw notFound('sender', id);
    this.senderCache.clear();
    return moved;
  }

  async removeSender(tenantId: string, id: string): Promise<void> {
    const removed = isUuid(id) && await this.database.transaction(tenantId, (tx) => this.senders.remove(tx, id));
    if (!removed) throw notFound('sender', id);
    this.senderCache.clear();
  }

  noteCaughtUp(tenantId: string, senderId: string, until: Date): Promise<void> {
    return this.database.transaction(tenantId, (tx) => this.senders.setCaughtUp(tx, senderId, until));
  }

  listSenders(tenantId: string, after: { at: Date; id: string } | null, limit: number): Promise<Sender[]> {
    return this.database.transaction(tenantId, (tx) => this.senders.list(tx, after, limit));
  }

  listTenants(after: { at: Date; id: string } | null, limit: number): Promise<Tenant[]> {
    return this.database.asSystem((tx) => this.tenants.list(tx, after, limit));
  }

  tenantIds(): Promise<string[]> {
    return this.database.asSystem((tx) => this.tenants.ids(tx));
  }

  accounts(): Promise<string[]> {
    return this.database.asSystem((tx) => this.tenants.accounts(tx));
  }

  async addTenant(name: string, settings: unknown): Promise<Tenant> {
    const createdAt = this.clock.now();
    const tenant: Tenant = {
      id: uuidv7(createdAt.getTime()), name, accountSid: this.config.twilio.accountSid, isDefault: false,
      settings: tenantSettingsSchema.parse(patched({}, settings ?? {})), createdAt,
    };
    await this.database.asSystem((tx) => this.tenants.insert(tx, tenant));
    return tenant;
  }

  /** Settings that the change leaves out stay as they are; null goes back to the default. */
  async changeTenant(tenantId: string, change: { name?: string; settings?: unknown }): Promise<Tenant> {
    if (!isUuid(tenantId)) throw notFound('tenant', tenantId);
    const changed = await this.database.transaction(tenantId, async (tx) => {
      const present = await this.tenants.lock(tx, tenantId);
      if (!present) throw notFound('tenant', tenantId);
      const name = change.name ?? present.name;
      const settings = tenantSettingsSchema.parse(patched(present.settings, change.settings ?? {}));
      await this.tenants.update(tx, tenantId, name, settings);
      return { ...present, name, settings };
    });
    return this.keep(this.tenantCache, tenantId, changed);
  }

  /** A new token for the tenant's programs. Shown once: only its hash is kept. */
  async issueToken(tenantId: string, name: string): Promise<{ id: string; token: string }> {
    await this.tenant(tenantId);
    const token = `tl_${randomBytes(24).toString('base64url')}`;
    const createdAt = this.clock.now();
    const id = uuidv7(createdAt.getTime());
    await this.database.transaction(tenantId, (tx) =>
      this.tokens.insert(tx, { id, tenantId, name, tokenHash: hashOf(token), createdAt, revokedAt: null }));
    return { id, token };
  }

  async revokeToken(tenantId: string, id: string): Promise<void> {
    const revoked = isUuid(tenantId) && isUuid(id)
      && await this.database.transaction(tenantId, (tx) => this.tokens.revoke(tx, tenantId, id, this.clock.now()));
    if (!revoked) throw notFound('token', id);
  }

  /**
   * Who a Bearer token speaks for. The bootstrap token speaks for the default tenant, or for the one that
   * `chosenTenant` (a header) names; any other token speaks for its own tenant whatever the header says.
   */
  async callerOf(token: string, chosenTenant: string | undefined): Promise<Caller | null> {
    const { adminToken, sandboxToken } = this.config;
    if (sameSecret(token, adminToken) || (sandboxToken && sameSecret(token, sandboxToken))) {
      const tenant = chosenTenant ? await this.tenant(chosenTenant) : await this.defaultTenant();
      return { tenantId: tenant.id, isAdmin: true };
    }
    const tenantId = await this.database.asSystem((tx) => this.tokens.tenantOf(tx, hashOf(token)));
    return tenantId ? { tenantId, isAdmin: false } : null;
  }

  /** Tokens that may have signed a webhook of this account: the present one, and the next one during a rotation. */
  authTokens(accountSid: string): string[] {
    const { accountSid: own, authToken, authTokenSecondary } = this.config.twilio;
    if (accountSid !== own) return [];
    return authTokenSecondary ? [authToken, authTokenSecondary] : [authToken];
  }

  private fresh<T>(cache: Map<string, Cached<T>>, key: string): T | undefined {
    const cached = cache.get(key);
    return cached && cached.until > this.clock.ms() ? cached.value : undefined;
  }

  private keep<T>(cache: Map<string, Cached<T>>, key: string, value: T): T {
    if (cache.size > 10_000) cache.clear();
    cache.set(key, { value, until: this.clock.ms() + CACHE_MS });
    return value;
  }
}

const hashOf = (token: string): string => createHash('sha256').update(token).digest('hex');

function sameSecret(given: string, expected: string): boolean {
  return timingSafeEqual(Buffer.from(hashOf(given)), Buffer.from(hashOf(expected)));
}

type Fields = Record<string, unknown>;
const areFields = (value: unknown): value is Fields => typeof value === 'object' && value !== null && !Array.isArray(value);

/** Settings that are replaced, not merged: the places of one template mean nothing in another. */
const WHOLE: ReadonlySet<string> = new Set(['reopenTemplate']);

/** JSON Merge Patch (RFC 7396): null takes a field away, so that its default holds again. */
function patched(present: unknown, patch: unknown): unknown {
  if (!areFields(patch)) return patch;
  const merged: Fields = areFields(present) ? { ...present } : {};
  for (const [name, value] of Object.entries(patch)) {
    if (value === null) delete merged[name];
    else merged[name] = WHOLE.has(name) ? value : patched(merged[name], value);
  }
  return merged;
}
