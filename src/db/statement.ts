import type postgres from "postgres";

/** The driver's own pool. Here each one is opened for a single connection. */
export type Driver = postgres.Sql<{ bigint: bigint; day: string; numeric: string; json: unknown }>;

/**
 * What may stand in a statement. No lists: the driver sends those of numbers, dates and truths wrongly, so a list goes
 * in as JSON.
 */
export type Value = string | number | bigint | boolean | Date | null | Part;

/** Something of a statement that only the driver can put into words: a name, a JSON value, another statement. */
export class Part {
  /** The part in the driver's words. */
  readonly on: (driver: Driver) => unknown;

  constructor(on: (driver: Driver) => unknown) {
    this.on = on;
  }
}

/**
 * A statement that is sent when somebody waits for it, once; or a part of another one. The errors it rejects with say
 * where it was written, which the driver's own do not.
 */
export class Statement<Rows> extends Part implements Promise<Rows> {
  readonly [Symbol.toStringTag] = "Statement";
  readonly #send: (statement: Part) => Promise<unknown>;
  readonly #written = new Error("written");
  #answer: Promise<Rows> | null = null;

  constructor(on: (driver: Driver) => unknown, send: (statement: Part) => Promise<unknown>) {
    super(on);
    this.#send = send;
  }

  // oxlint-disable-next-line unicorn/no-thenable -- it is a promise, only one that begins late
  async then<A = Rows, B = never>(
    fulfilled?: ((rows: Rows) => A | PromiseLike<A>) | null,
    rejected?: ((reason: unknown) => B | PromiseLike<B>) | null,
  ): Promise<A | B> {
    return await this.#sent().then(fulfilled, rejected);
  }

  async catch<B = never>(rejected?: ((reason: unknown) => B | PromiseLike<B>) | null): Promise<Rows | B> {
    return await this.#sent().catch(rejected);
  }

  async finally(settled?: (() => void) | null): Promise<Rows> {
    return await this.#sent().finally(settled);
  }

  #sent(): Promise<Rows> {
    this.#answer ??= this.#send(this).catch((error: unknown) => {
      throw withPlace(error, this.#written);
    }) as Promise<Rows>;
    return this.#answer;
  }
}

/** Statements, names and JSON values of a pool that sends them by `send`. */
export function session(send: (statement: Part) => Promise<unknown>): Session {
  const write = (text: TemplateStringsArray | string, ...values: Value[]): Part =>
    typeof text === "string"
      ? new Part((driver) => driver(text))
      : new Statement((driver) => driver(text, ...values.map((value) => inWords(driver, value))), send);
  return Object.assign(write, {
    json: (value: unknown) => new Part((driver) => driver.json(value as postgres.JSONValue)),
    unsafe: (text: string) => new Statement((driver) => driver.unsafe(text), send),
  }) as Session;
}

/** What a pool and a reserved connection of it have in common. */
export type Session = {
  <Rows extends readonly object[] = postgres.Row[]>(text: TemplateStringsArray, ...values: Value[]): Statement<Rows>;
  /** The name of a table, schema or role. */
  (name: string): Part;
  /** A value as JSON. Amounts in it must be text. */
  json: (value: unknown) => Part;
  /** Text as it stands: of several statements in it, all happen or none. */
  unsafe: <Rows extends readonly object[] = postgres.Row[]>(text: string) => Statement<Rows>;
};

type DriversValue = postgres.ParameterOrFragment<bigint>;

function inWords(driver: Driver, value: Value): DriversValue {
  return (value instanceof Part ? value.on(driver) : value) as DriversValue;
}

/** The error as if it came from the line that wrote the statement, and not from inside the driver. */
function withPlace(error: unknown, written: Error): unknown {
  if (!(error instanceof Error)) return error;
  // All that the database and the driver say has a code; the sockets of the Workers runtime fail without one.
  if (error.constructor === Error && !("code" in error)) Object.assign(error, { code: "CONNECTION_FAILED" });
  const frames = (written.stack ?? "")
    .split("\n")
    .filter((line) => /^\s+at /u.test(line) && !/\/statement\.ts/u.test(line));
  Object.defineProperty(error, "stack", {
    value: `${error.name}: ${error.message}\n${frames.join("\n")}`,
    configurable: true,
    writable: true,
  });
  return error;
}
