import { timingSafeEqual } from 'node:crypto';
import type { Account } from './entities.js';
import { unauthenticated } from './twilio-error.js';

/** Who may call, and with which token webhooks are signed. Accounts come from the options, never from a journal. */
export class Accounts {
  private readonly bySid = new Map<string, Account>();
  private readonly byKey = new Map<string, { account: Account; secret: string }>();

  constructor(accounts: Account[]) {
    for (const account of accounts) {
      if (!/^AC[0-9a-f]{32}$/i.test(account.sid)) {
        throw new RangeError(`"${account.sid}" is not an account sid (AC and 32 hexadecimal digits)`);
      }
      this.bySid.set(account.sid, account);
      for (const key of account.apiKeys ?? []) this.byKey.set(key.sid, { account, secret: key.secret });
    }
  }

  all(): Account[] {
    return [...this.bySid.values()];
  }

  get(sid: string): Account | undefined {
    return this.bySid.get(sid);
  }

  /** The account behind an Authorization header; throws Twilio's 401. */
  authenticate(header: string | undefined): Account {
    if (!header?.startsWith('Basic ')) throw unauthenticated();
    const [user = '', ...rest] = Buffer.from(header.slice(6), 'base64').toString('utf8').split(':');
    const secret = rest.join(':');
    const key = this.byKey.get(user);
    if (key && same(key.secret, secret)) return key.account;
    const account = this.bySid.get(user);
    // The secondary token opens the REST API; only the primary one signs webhooks (Twilio error 57012).
    const tokens = account ? [account.authToken, account.secondaryAuthToken ?? account.authToken] : [];
    if (account && tokens.some((token) => same(token, secret))) return account;
    throw unauthenticated();
  }
}

function same(a: string, b: string): boolean {
  const [left, right] = [Buffer.from(a), Buffer.from(b)];
  return left.length === right.length && timingSafeEqual(left, right);
}
