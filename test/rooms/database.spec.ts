import net from 'node:net';
import { afterAll, beforeAll, expect, jest, test } from '@jest/globals';
import { appDataSource, Database, SYSTEM, type Tx } from '@throughline/database/database.js';
import { uuidv7 } from '@throughline/kernel/ids.js';
import type { DataSource } from 'typeorm';
import { freshDatabase, type TestDatabase } from '../harness/postgres.js';

const ELM = uuidv7(1);
const OAK = uuidv7(2);
const ASH = uuidv7(3);

let fresh: TestDatabase;
let dataSource: DataSource;
let database: Database;

beforeAll(async () => {
  fresh = await freshDatabase();
  dataSource = await appDataSource({ url: fresh.url }).initialize();
  database = new Database(dataSource);
});
afterAll(async () => {
  await dataSource.destroy();
  await fresh.drop();
});

const person = (id: string, tenantId: string, personKey: string): [string, unknown[]] =>
  ['insert into contacts (id, tenant_id, person_key, created_at) values ($1, $2, $3, now())', [id, tenantId, personKey]];

const people = async (tenantId: string): Promise<string[]> =>
  (await database.transaction(tenantId, (tx) => tx.rows<{ personKey: string }>('select person_key from contacts order by person_key'))).map((row) => row.personKey);

test('what a transaction wrote is there when it ended well, and gone when it threw', async () => {
  await database.transaction(ELM, (tx) => tx.count(...person(uuidv7(10), ELM, 'kept')));
  const broken = database.transaction(ELM, async (tx) => {
    await tx.count(...person(uuidv7(11), ELM, 'lost'));
    throw new Error('changed my mind');
  });
  await expect(broken).rejects.toThrow('changed my mind');
  expect(await people(ELM)).toEqual(['kept']);
});

test('work for after the commit runs once, in order, when others can see the rows, and not after a rollback', async () => {
  const ran: string[] = [];
  await database.transaction(OAK, async (tx) => {
    tx.afterCommit(() => ran.push('first'));
    await tx.count(...person(uuidv7(12), OAK, 'oak'));
    tx.afterCommit(() => ran.push('second'));
    expect(ran).toEqual([]);
  });
  expect(ran).toEqual(['first', 'second']);
  await database.transaction(OAK, async (tx) => {
    tx.afterCommit(() => ran.push('never'));
    await tx.rows('select 1 / 0');
  }).catch(() => undefined);
  expect(ran).toEqual(['first', 'second']);
});

test('what nobody waits for is written in its place, and its rows are there after the commit', async () => {
  const seen: unknown[] = [];
  const id = uuidv7(20);
  await database.transaction(ASH, async (tx) => {
    tx.write(...person(id, ASH, 'unawaited'), () => seen.push('committed'));
    tx.write<{ personKey: string }>('select person_key from contacts where id = $1', [id], (rows) => seen.push(...rows));
    expect(await tx.count('select 1 from contacts where id = $1', [id])).toBe(1);
    expect(seen).toEqual([]);
  });
  expect(seen).toEqual(['committed', { personKey: 'unawaited' }]);
});

test('a write that fails takes the transaction with it, and is what went wrong, whatever came after it', async () => {
  const ran: string[] = [];
  const alone = database.transaction(ASH, (tx) => {
    tx.write(...person(uuidv7(21), ASH, 'with it'));
    tx.write('select 1 / 0', [], () => ran.push('rows'));
    tx.afterCommit(() => ran.push('after'));
  });
  await expect(alone).rejects.toThrow('division by zero');
  const followed = database.transaction(ASH, async (tx) => {
    tx.write('select 1 / 0');
    await tx.rows('select 1');
  });
  await expect(followed).rejects.toThrow('division by zero');
  expect(ran).toEqual([]);
  expect(await people(ASH)).not.toContain('with it');
});

test('statements asked for together are answered each with its own rows, and see one another in order', async () => {
  const id = uuidv7(22);
  const [one, written, two] = await database.transaction(ASH, (tx) => Promise.all([
    tx.rows('select 1 as n'), tx.count(...person(id, ASH, 'together')), tx.rows('select count(*)::int as n from contacts where id = $1', [id]),
  ]));
  expect([one, written, two]).toEqual([[{ n: 1 }], 1, [{ n: 1 }]]);
});

test('a transaction that asks nothing opens nothing', async () => {
  expect(await database.transaction(ASH, () => 'nothing')).toBe('nothing');
});

test('a statement that failed takes its transaction with it, even where the error was swallowed', async () => {
  await database.transaction(OAK, async (tx) => {
    await tx.count(...person(uuidv7(13), OAK, 'swallowed'));
    await tx.rows('select 1 / 0').catch(() => undefined);
  }).catch(() => undefined);
  expect(await people(OAK)).toEqual(['oak']);
});

test.each(['rows', 'count', 'write'] as const)('who goes on when the transaction is over is refused, and gets into nobody else\'s: %s', async (how) => {
  const id = uuidv7(45);
  const alone = await appDataSource({ url: fresh.url, poolSize: 1 }).initialize();
  try {
    const one = new Database(alone);
    let late: Promise<unknown> | undefined;
    const goOn = meeting(2);
    const broken = one.transaction(ELM, (tx) => {
      late = tx.rows('select 1').then(goOn).then((): unknown => tx[how](...person(id, ELM, `late ${how}`)));
      late.catch(() => undefined);
      return Promise.all([late, tx.rows('select 1 / 0')]);
    });
    await expect(broken).rejects.toThrow('division by zero');
    await goOn();
    await expect(late).rejects.toThrow('The transaction is over.');
    expect(await one.transaction(OAK, (tx) => tx.rows('select person_key from contacts'))).toEqual([{ personKey: 'oak' }]);
    expect(await people(ELM)).not.toContain(`late ${how}`);
  } finally {
    await alone.destroy();
  }
});

test('two that wait for each other both end well: the one that lost the race is run again', async () => {
  const [one, two] = [uuidv7(20), uuidv7(21)];
  await database.transaction(ELM, async (tx) => {
    await tx.count(...person(one, ELM, 'race-1'));
    await tx.count(...person(two, ELM, 'race-2'));
  });
  const tries = { forwards: 0, backwards: 0 };
  const committed: string[] = [];
  const bothHold = meeting(2);
  const rename = (name: 'forwards' | 'backwards', ids: string[]): Promise<void> =>
    database.transaction(ELM, async (tx) => {
      tries[name] += 1;
      tx.afterCommit(() => committed.push(name));
      for (const id of ids) {
        await tx.count('update contacts set display_name = $2 where id = $1', [id, name]);
        await bothHold();
      }
    });
  await Promise.all([rename('forwards', [one, two]), rename('backwards', [two, one])]);
  expect(tries.forwards + tries.backwards).toBe(3);
  expect(committed.sort()).toEqual(['backwards', 'forwards']);
  const names = await fresh.query<{ display_name: string }>('select distinct display_name from contacts where id = any($1)', [[one, two]]);
  expect(names).toHaveLength(1);
});

test('a race that is lost again and again is an error in the end', async () => {
  let tries = 0;
  const losing = database.transaction(ELM, async () => {
    tries += 1;
    throw Object.assign(new Error('could not serialize access'), { code: '40001' });
  });
  await expect(losing).rejects.toThrow('could not serialize access');
  expect(tries).toBe(3);
});

test('any other error is not tried again', async () => {
  let tries = 0;
  const failing = database.transaction(ELM, async (tx) => {
    tries += 1;
    await tx.count(...person(uuidv7(30), ELM, 'kept'));
  });
  await expect(failing).rejects.toMatchObject({ code: '23505' });
  expect(tries).toBe(1);
});

test('a table that is changed under a hub that runs: what it knew of it is found out anew', async () => {
  const columns = 'kind, occasion';
  await fresh.query('create table weather (kind varchar(5), occasion text)');
  await fresh.query('grant select, insert on weather to throughline_app');
  const ask = (tx: Tx): Promise<unknown[]> => tx.rows(`select ${columns} from weather`);
  const tell = (tx: Tx, kind: string): Promise<unknown[]> => tx.rows(`insert into weather values ($1, 'now') returning ${columns}`, [kind]);
  const day = (kind: string): Promise<unknown[]> => database.transaction(ELM, async (tx) => [...(await ask(tx)), ...(await tell(tx, kind))]);
  const both = meeting(2);
  await Promise.all([1, 2].map(() => database.transaction(ELM, async (tx) => {
    await ask(tx);
    await both();
  })));
  await day('rain');
  await fresh.query('alter table weather alter column kind type varchar(50)');
  const seen = { occasion: 'now' };
  expect(await Promise.all([ask, ask].map((look) => database.transaction(ELM, look)))).toEqual([[{ kind: 'rain', ...seen }], [{ kind: 'rain', ...seen }]]);
  expect(await day('thunderstorm')).toEqual([{ kind: 'rain', ...seen }, { kind: 'thunderstorm', ...seen }]);
});

test('a connection that ends in the moment in which it is there is replaced, and ends nobody with it', async () => {
  const door = await doorTo(fresh.url);
  const alone = await appDataSource({ url: door.url }).initialize();
  try {
    const through = new Database(alone);
    door.shut();
    expect(await through.transaction(ELM, (tx) => tx.rows('select 1 as n'))).toEqual([{ n: 1 }]);
    expect(door.slammed).toBe(1);
  } finally {
    await alone.destroy();
    door.close();
  }
});

test.each(['', 'elm', `${ELM}'; set role postgres; --`, `'${ELM}'`, '**', '\u0000'])('a transaction in the scope %j is refused', async (tenantId) => {
  await expect(database.transaction(tenantId, (tx) => tx.rows('select 1'))).rejects.toThrow(RangeError);
});

test('a connection that goes back to the pool takes no scope with it', async () => {
  await database.transaction(ELM, (tx) => tx.rows('select 1'));
  const outside = (await dataSource.query('select count(*)::int as seen from contacts')) as { seen: number }[];
  expect(outside).toEqual([{ seen: 0 }]);
});

test('rows come with camelCase keys, counts as numbers, and parameters as they are', async () => {
  const injected = `x'; drop table contacts; --`;
  const rows = await database.transaction(SYSTEM, (tx) => tx.rows('select $1::text as some_text, null as no_value', [injected]));
  expect(rows).toEqual([{ someText: injected, noValue: null }]);
  expect(await database.transaction(ELM, (tx) => tx.count(`update contacts set display_name = 'x' where person_key like 'race-%'`))).toBe(2);
  expect(await database.transaction(ELM, (tx) => tx.count('delete from contacts where id = $1', [OAK]))).toBe(0);
  const returned = await database.transaction(ELM, (tx) => tx.rows(`delete from contacts where person_key = 'race-1' returning person_key`));
  expect(returned).toEqual([{ personKey: 'race-1' }]);
});

/** What the server says that it ends a connection for, after its word that the connection is ready. */
const READY = Buffer.from([0x5a, 0, 0, 0, 5, 0x49]);
const FATAL = Buffer.from('\0\0\0\0SFATAL\0VFATAL\0C57P01\0Mterminating connection due to administrator command\0\0');
FATAL.writeInt32BE(FATAL.length);

/** A way to the server. Once it was shut, the connections are gone, and the next one ends with the word that it is ready. */
async function doorTo(url: string): Promise<{ url: string; slammed: number; shut(): void; close(): void }> {
  const { hostname, port, pathname, searchParams, username, password } = new URL(url);
  const folder = searchParams.get('host');
  const to = folder ? { path: `${folder}/.s.PGSQL.${port || 5432}` } : { host: hostname, port: Number(port || 5432) };
  const sockets = new Set<net.Socket>();
  let slam = false;
  const server = net.createServer((near) => {
    const far = net.connect(to);
    for (const socket of [near, far]) sockets.add(socket.on('error', () => undefined));
    near.pipe(far);
    near.on('close', () => far.destroy());
    far.on('close', () => near.destroy());
    far.on('data', (bytes: Buffer) => {
      if (!slam || !bytes.subarray(-READY.length).equals(READY)) return void near.write(bytes);
      slam = false;
      door.slammed += 1;
      near.end(Buffer.concat([bytes, Buffer.from('E'), FATAL]));
    });
  });
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  const drop = (): void => sockets.forEach((socket) => socket.destroy());
  const door = {
    url: `postgres://${username}${password && `:${password}`}@127.0.0.1:${(server.address() as net.AddressInfo).port}${pathname}`,
    slammed: 0,
    shut: () => {
      slam = true;
      drop();
    },
    close: () => {
      drop();
      server.close();
    },
  };
  return door;
}

/** Resolves for everybody once `count` have come, and at once for whoever comes later. */
function meeting(count: number): () => Promise<void> {
  let open!: () => void;
  let missing = count;
  const all = new Promise<void>((resolve) => (open = resolve));
  return () => {
    missing -= 1;
    if (missing <= 0) open();
    return all;
  };
}

test('a transaction that asks for a second connection is told on, and one that begins when the first has ended is not', async () => {
  const warned = jest.spyOn(process, 'emitWarning').mockImplementation(() => undefined);
  let later: Promise<string[]> | undefined;
  await database.transaction(ELM, (tx) => tx.afterCommit(() => (later = people(ELM))));
  await later;
  expect(warned).not.toHaveBeenCalled();
  await database.transaction(ELM, () => people(ELM));
  await database.transaction(ELM, async () => Promise.all([people(ELM), people(OAK)]));
  expect(warned.mock.calls.every(([place]) => /second connection/.test(String(place)))).toBe(true);
  expect(warned.mock.calls.length).toBeGreaterThan(0);
  warned.mockRestore();
});
