import postgres from "postgres";
import { createPool, type Sql } from "./pool.ts";

export type { Sql } from "./pool.ts";
export type { Session } from "./statement.ts";

/** How a pool is opened; every part may be left out. */
export type SqlOptions = {
  /** Connections at most, 10 if not said. */
  max?: number;
  /** The name shown in `pg_stat_activity`. */
  applicationName?: string;
  /** Seconds to wait for a connection, 10 if not said. */
  connectTimeoutSeconds?: number;
  /** Called whenever a connection has closed, for whatever reason. */
  onClose?: () => void;
};

/**
 * Opens a pool on `url` (postgres://...). Nothing is sent before the first query; call `end()` when done.
 *
 * What arrives: `bigint` (and `count(*)`) as BigInt, `date` as the text YYYY-MM-DD, `timestamptz` as Date. `numeric` is
 * refused: a `sum` over bigint is numeric, and an amount must not become text or a float unseen. A list would be text
 * such as {1,2}: return rows, or JSON.
 */
export function openSql(url: string, options: SqlOptions = {}): Sql {
  const { max = 10, applicationName = "almonry", connectTimeoutSeconds = 10, onClose } = options;
  const open = (closed: () => void) =>
    openDriver(url, applicationName, connectTimeoutSeconds, () => {
      closed();
      onClose?.();
    });
  return createPool(open, max);
}

/** The driver for one connection, which lasts until it is ended or breaks. */
function openDriver(url: string, applicationName: string, connectTimeoutSeconds: number, onClose: () => void) {
  return postgres(url, {
    max: 1,
    // A session may hold a lock, which a connection replaced after an hour would let go.
    max_lifetime: null,
    connect_timeout: connectTimeoutSeconds,
    connection: { application_name: applicationName },
    onnotice: () => undefined,
    onclose: onClose,
    // Asked of every new connection, and nobody could catch it when that breaks just then (porsager/postgres #1192).
    fetch_types: false,
    types: {
      bigint: {
        to: 20,
        from: [20],
        serialize: (value: bigint) => value.toString(),
        parse: (text: string) => BigInt(text),
      },
      // A local day has no zone; as a Date it would be another day west of Greenwich.
      day: { to: 1082, from: [1082], serialize: (value: string) => value, parse: (text: string) => text },
      // A string is JSON text already; the driver would make one JSON string of it, and `${text}::jsonb` no object.
      json: {
        to: 114,
        from: [114, 3802],
        serialize: (value: unknown) => (typeof value === "string" ? value : JSON.stringify(value)),
        parse: (text: string): unknown => JSON.parse(text),
      },
      numeric: {
        to: 1700,
        from: [1700],
        serialize: (value: string) => value,
        parse: (): string => {
          throw new TypeError("a query returned numeric: cast every sum to bigint and every count to int");
        },
      },
    },
  });
}

/** Whether the database answers. @throws when it does not, with the reason */
export async function isAnswering(sql: Sql): Promise<boolean> {
  await sql`select 1`;
  return true;
}
