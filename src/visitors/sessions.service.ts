import { createHash, randomBytes } from 'node:crypto';
import { Injectable } from '@nestjs/common';
import { Database } from '@throughline/database/database.js';
import { TenantSecrets } from '@throughline/database/tenant-secrets.js';
import { Clock } from '@throughline/kernel/clock.js';
import { HubError } from '@throughline/kernel/errors.js';
import { isUuid, uuidv7 } from '@throughline/kernel/ids.js';
import { decodeProtectedHeader, errors, jwtVerify, SignJWT } from 'jose';
import { VisitorsRepository } from './visitors.repository.js';
import type { ChatSession, Opened, Visitor, Widget } from './visitors.types.js';
import { WidgetsService } from './widgets.service.js';

const TOKEN_MS = 15 * 60_000;
const REFRESH_MS = 90 * 86_400_000;
/** Rows of visitors who did not come back, taken away whenever somebody comes, and all of them once a day. */
const MOST_REMOVED = 20;
const [ISSUER, AUDIENCE] = ['throughline', 'chat'];

const hashOf = (token: string): string => createHash('sha256').update(token).digest('hex');

/** Lets visitors in: a signed token for some minutes, and one for coming back, of which only the hash is kept. */
@Injectable()
export class SessionsService {
  private readonly visitors = new VisitorsRepository();
  private readonly keys: TenantSecrets;

  constructor(
    private readonly database: Database,
    private readonly clock: Clock,
    private readonly widgets: WidgetsService,
  ) {
    this.keys = new TenantSecrets(database, this.visitors);
  }

  /**
   * The visitor who has been here before, or a new one. An old token that does not hold any more is no error.
   *
   * @param origin where the page is that asks, as its browser says
   * @param welcome asked before somebody new is let in; refuses by throwing
   * @throws HubError `forbidden` for a widget key that nobody has, or that is not for this origin
   */
  async open(widgetKey: string, origin: string, refreshToken: string | null, welcome: (tenantId: string) => Promise<void>): Promise<Opened> {
    const widget = await this.widgets.usableAt(widgetKey, origin);
    const now = this.clock.now();
    const visits = { widgetKey, origin, now, expiresAt: this.clock.in(REFRESH_MS) };
    const known = refreshToken ? await this.database.transaction(widget.tenantId, (tx) => this.visitors.renew(tx, hashOf(refreshToken), visits)) : null;
    const opened = known ? { visitor: known, refreshToken: refreshToken! } : await this.admit(widget, visits, welcome);
    const expiresAt = this.clock.in(TOKEN_MS);
    return { ...opened, widget, expiresAt, token: await this.sign(widget, opened.visitor, expiresAt) };
  }

  private async admit(
    { key: widgetKey, tenantId }: Widget, { origin, now, expiresAt }: { origin: string; now: Date; expiresAt: Date }, welcome: (tenantId: string) => Promise<void>,
  ): Promise<{ visitor: Visitor; refreshToken: string }> {
    await welcome(tenantId);
    const refreshToken = randomBytes(32).toString('base64url');
    const visitor: Visitor = {
      id: uuidv7(now.getTime()), tenantId, widgetKey, origin, expiresAt, threads: [], leadName: null, leadEmail: null, leadPhone: null, verified: [],
      typingUntil: null, createdAt: now,
    };
    await this.database.transaction(tenantId, async (tx) => {
      await this.visitors.removeExpired(tx, now, MOST_REMOVED);
      await this.visitors.insert(tx, visitor, hashOf(refreshToken));
    });
    return { visitor, refreshToken };
  }

  /**
   * Who a token speaks for.
   *
   * @param origins where the page may be, by what its browser says; none where it says nothing
   * @throws HubError `token_expired`; `unauthenticated` for any other token that does not hold; `forbidden` at another origin
   */
  async verify(token: string, origins: readonly string[]): Promise<ChatSession> {
    const session = await this.read(token);
    if (!origins.includes(session.origin)) throw forbidden();
    const widget = await this.widgets.usableAt(session.widgetKey, session.origin);
    if (widget.tenantId !== session.tenantId) throw forbidden();
    return session;
  }

  private async read(token: string): Promise<ChatSession> {
    try {
      const { kid: tenantId } = decodeProtectedHeader(token);
      const key = isUuid(tenantId) ? await this.keys.existing(tenantId) : null;
      if (!key) throw refused();
      const { payload } = await jwtVerify(token, bytesOf(key), { algorithms: ['HS256'], issuer: ISSUER, audience: AUDIENCE, currentDate: this.clock.now(), requiredClaims: ['exp', 'sub'] });
      const { sub, widget, origin, exp } = payload;
      if (!isUuid(sub) || typeof widget !== 'string' || typeof origin !== 'string') throw refused();
      return { tenantId: tenantId as string, visitorId: sub, widgetKey: widget, origin, expiresAt: new Date(exp! * 1_000) };
    } catch (error) {
      if (error instanceof errors.JWTExpired) throw new HubError('unauthenticated', 'token_expired', 'The token has run out. Ask for a new one.');
      if (error instanceof errors.JOSEError || error instanceof TypeError) throw refused();
      throw error;
    }
  }

  private async sign({ tenantId, key: widget }: Widget, visitor: Visitor, expiresAt: Date): Promise<string> {
    return new SignJWT({ widget, origin: visitor.origin })
      .setProtectedHeader({ alg: 'HS256', kid: tenantId })
      .setSubject(visitor.id).setIssuer(ISSUER).setAudience(AUDIENCE)
      .setIssuedAt(this.clock.now()).setExpirationTime(expiresAt)
      .sign(bytesOf(await this.keys.of(tenantId)));
  }
}

const bytesOf = (key: string): Uint8Array => Buffer.from(key, 'base64url');

const refused = (): HubError => new HubError('unauthenticated', 'unauthenticated', 'The token does not hold. Ask for a new one.');

const forbidden = (): HubError => new HubError('forbidden', 'forbidden_origin', 'This token is not for pages of this origin.');
