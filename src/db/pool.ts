import { session, type Driver, type Part, type Session } from "./statement.ts";

/**
 * A pool of connections. It offers no transactions: money is written by one call of a database function, because one
 * held in code may lose its connection between two statements.
 */
export type Sql = Session & {
  /** Calls `heard` for whatever is said on a channel, and `listening` whenever listening has begun (again). */
  listen: (channel: string, heard: (text: string) => void, listening?: () => void) => Promise<Listening>;
  /** A connection for one user alone, who releases it. Once it has closed, every statement on it fails. */
  reserve: () => Promise<Session & { release: () => void }>;
  /** Takes no more statements and closes; waits for those under way, but `timeout` seconds at most if that is said. */
  end: (options?: { timeout?: number }) => Promise<void>;
};

type Listening = { unlisten: () => Promise<unknown> };

/** One connection: a driver's pool of one. */
type Connection = { driver: Driver; isClosed: boolean };

type Waiting = { resolve: (connection: Connection) => void; reject: (error: Error) => void };

/**
 * At most `max` connections, each for one statement at a time, opened when needed.
 *
 * The driver (3.4.9) opens a connection that broke once more and goes on with it; a statement that was handed to it
 * meanwhile is then never answered, or is answered with no rows, or with another's (see porsager/postgres #1204, #1208,
 * #1216). So here a connection that closed is never used again, and whatever it still owes is refused at once.
 * @param open opens a driver for one connection, which calls `onClose` whenever that has closed
 */
export function createPool(open: (onClose: () => void) => Driver, max: number): Sql {
  const connections = new Set<Connection>();
  const idle: Connection[] = [];
  const waiting: Waiting[] = [];
  const listeners: Driver[] = [];
  let isEnding = false;

  function connect(): Connection {
    const connection: Connection = { driver: open(() => drop(connection)), isClosed: false };
    connections.add(connection);
    return connection;
  }

  function drop(connection: Connection): void {
    if (connection.isClosed) return;
    connection.isClosed = true;
    connections.delete(connection);
    const place = idle.indexOf(connection);
    if (place >= 0) idle.splice(place, 1);
    void connection.driver.end({ timeout: 0 });
    if (!isEnding) waiting.shift()?.resolve(connect());
  }

  async function take(): Promise<Connection> {
    if (isEnding) throw ended();
    const free = idle.pop();
    if (free !== undefined) return free;
    if (connections.size < max) return connect();
    return await new Promise((resolve, reject) => {
      waiting.push({ resolve, reject });
    });
  }

  function give(connection: Connection): void {
    if (connection.isClosed) return;
    const next = waiting.shift();
    if (next === undefined) idle.push(connection);
    else next.resolve(connection);
  }

  async function send(statement: Part): Promise<unknown> {
    const connection = await take();
    try {
      return await statement.on(connection.driver);
    } finally {
      give(connection);
    }
  }

  return Object.assign(session(send), {
    async listen(channel: string, heard: (text: string) => void, listening?: () => void) {
      // Outside the count: the driver makes a connection for this alone, and another one when it breaks.
      const driver = open(() => undefined);
      listeners.push(driver);
      return await driver.listen(channel, heard, listening);
    },
    async reserve() {
      const connection = await take();
      const own = session(async (statement) => await statement.on(connection.driver));
      return Object.assign(own, { release: () => give(connection) });
    },
    async end(options: { timeout?: number } = {}) {
      isEnding = true;
      for (const { reject } of waiting.splice(0)) reject(ended());
      const drivers = [...Array.from(connections, ({ driver }) => driver), ...listeners];
      await Promise.all(drivers.map(async (driver) => await driver.end(options)));
    },
  });
}

function ended(): Error {
  return Object.assign(new Error("this pool of connections has been ended"), { code: "CONNECTION_ENDED" });
}
