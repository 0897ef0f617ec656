import type { Clock } from '@throughline/kernel/clock.js';
import type { Accounts } from './accounts.js';
import type { Message } from './entities.js';
import type { Faults } from './faults.js';
import type { Feed } from './feed.js';
import type { Scheduler } from './scheduler.js';
import type { Store } from './store.js';
import type { SwitchBoard } from './switches.js';
import type { Leg } from './voice/leg.js';
import type { Room } from './voice/room.js';
import type { Webhooks } from './webhooks.js';

/** All that a rule of Twilio's may look at or touch. One object, so that every rule can be a plain function. */
export interface World {
  readonly clock: Clock;
  readonly accounts: Accounts;
  readonly store: Store;
  readonly scheduler: Scheduler;
  readonly webhooks: Webhooks;
  readonly faults: Faults;
  readonly switches: SwitchBoard;
  readonly feed: Feed;
  /** Told of each new status of a message; conversations turn it into receipts. */
  readonly statusListeners: ((message: Message, at: number) => void)[];
  /** When each conversation with timers is looked at next. */
  readonly armed: Map<string, number>;
  /** Calls that somebody is, or was, on the line of; of an earlier run only their rows are left. */
  readonly legs: Map<string, Leg>;
  /** Conferences that have not ended, by sid. */
  readonly rooms: Map<string, Room>;
  /** `http://127.0.0.1:PORT`, once listening. */
  origin: string;
}
