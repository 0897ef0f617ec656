import pg from 'pg';

/**
 * A connection of a pool. While it goes from the pool's hands into ours, neither hears its errors: one that the server ends
 * in that very moment, as a server that shuts down does, would end this process. Who has it learns of it with the next statement.
 */
export class PooledClient extends pg.Client {
  constructor(config?: string | pg.ClientConfig) {
    super(config);
    this.on('error', () => undefined);
  }
}

/**
 * How the connections of a pool live. By itself pg gives all of them up after ten quiet seconds, and whoever comes after a pause waits for new ones, on
 * which everything is planned anew: a text was answered half as fast. So some stay. A probe each minute keeps those open whose line somebody
 * between here and the server would forget (a NAT gateway of AWS after 350 s).
 *
 * @param min how many stay
 */
export const lasting = (min: number): { Client: typeof PooledClient; min: number; keepAlive: true; keepAliveInitialDelayMillis: number } =>
  ({ Client: PooledClient, min, keepAlive: true, keepAliveInitialDelayMillis: 60_000 });
