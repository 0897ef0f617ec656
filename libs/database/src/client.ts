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
