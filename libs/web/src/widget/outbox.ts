import type { Keep } from './keep.js';
import type { Outgoing } from './thread.js';

const BEGINNING = 'out:';

/**
 * What the visitor has written and the hub has not confirmed, kept over reloads. Each under its own name: two tabs never
 * overwrite each other, and may both send the same words, since the hub takes a `clientId` once.
 */
export class Outbox {
  constructor(private readonly keep: Keep) {}

  /** In the order in which they were written. A send that was under way when the page went waits again. */
  all(): Outgoing[] {
    return this.keep.names(BEGINNING)
      .flatMap((name) => this.keep.read<Outgoing>(name) ?? [])
      .map((outgoing): Outgoing => ({ ...outgoing, state: outgoing.state === 'failed' ? 'failed' : 'waiting' }))
      .sort((one, other) => (one.createdAt < other.createdAt ? -1 : 1));
  }

  put(outgoing: Outgoing): void {
    this.keep.set(BEGINNING + outgoing.clientId, JSON.stringify(outgoing));
  }

  remove(clientId: string): void {
    this.keep.remove(BEGINNING + clientId);
  }
}
