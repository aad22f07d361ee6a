import postgres from "postgres";

/**
 * A pool of connections. What arrives: `bigint` (and `count(*)`) as BigInt, `date` as the text YYYY-MM-DD, `timestamptz`
 * as Date. `numeric` is refused: a `sum` over bigint is numeric, and an amount must not become text or a float unseen.
 */
export type Sql = postgres.Sql<{ bigint: bigint; day: string; numeric: string; json: unknown }>;

/** How a pool is opened; every part may be left out. */
export type SqlOptions = {
  /** Connections at most, 10 if not said. */
  max?: number;
  /** The name shown in `pg_stat_activity`. */
  applicationName?: string;
  /** Seconds to wait for a connection, 10 if not said. */
  connectTimeoutSeconds?: number;
  /** Seconds after which a connection is replaced; null keeps it for ever, as a session that holds a lock must be. */
  maxLifetimeSeconds?: number | null;
  /** Called whenever a connection has closed, for whatever reason. */
  onClose?: () => void;
};

/** Opens a pool on `url` (postgres://...). Nothing is sent before the first query; call `end()` when done. */
export function openSql(url: string, options: SqlOptions = {}): Sql {
  const { max = 10, applicationName = "almonry", connectTimeoutSeconds = 10, maxLifetimeSeconds, onClose } = options;
  return postgres(url, {
    max,
    connect_timeout: connectTimeoutSeconds,
    connection: { application_name: applicationName },
    onnotice: () => undefined,
    ...(maxLifetimeSeconds === undefined ? {} : { max_lifetime: maxLifetimeSeconds }),
    ...(onClose === undefined ? {} : { onclose: onClose }),
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
