import { createHash } from "node:crypto";
import { readdir, readFile } from "node:fs/promises";
import { fileURLToPath } from "node:url";
import type { Session, Sql } from "./connect.ts";
import { MigrationError, newerThanCode, refuseOther, schemaState, type MigrationState } from "./schema.ts";

/** One file of `sql/`, such as number 7 of `0007_giving_chain.sql`. */
export type Migration = { number: number; name: string; text: string; checksum: string };

export type MigrateOptions = {
  /** The folder with the numbered files, `sql/` of this project if not said. */
  directory?: string;
  /** The role that serves: it is granted the use of everything and owns nothing. */
  serviceRole?: string;
  /** Seconds a statement may wait for a lock of somebody else's, 10 if not said. */
  lockTimeoutSeconds?: number;
};

const ownDirectory = fileURLToPath(new URL("../../sql", import.meta.url));

/** The key of the lock that all starters of Almonry on one database share. Any number does, as long as it stays. */
const migrationLock = 7_236_520_041n;

/**
 * Brings the database to the code's schema: each file in a transaction of its own, in order, by one starter at a time.
 * @param ownerSql a pool of the role that owns the tables
 * @returns the names of the files applied now; empty when the database was current
 * @throws MigrationError when the database is newer than the code, or an applied file was changed or is missing
 */
export async function migrate(ownerSql: Sql, options: MigrateOptions = {}): Promise<string[]> {
  const { directory, serviceRole, lockTimeoutSeconds = 10 } = options;
  const migrations = await readMigrations(directory);
  const connection = await ownerSql.reserve();
  try {
    await connection`select pg_advisory_lock(${migrationLock})`;
    await connection`
      create table if not exists schema_migration (
        number bigint primary key,
        name text not null,
        checksum text not null,
        applied_at timestamptz not null default now()
      )`;
    const applied = await readApplied(connection);
    refuseUnknown(applied, migrations);
    await connection`select set_config('lock_timeout', ${`${lockTimeoutSeconds}s`}, false)`;
    for (const migration of migrations.slice(applied.length)) await apply(connection, migration);
    await stopCompiling(connection);
    if (serviceRole !== undefined) await grant(connection, serviceRole);
    return migrations.slice(applied.length).map(({ name }) => name);
  } finally {
    // The session goes back to the pool: it must not keep the lock, nor the timeout.
    await connection`select pg_advisory_unlock_all(), set_config('lock_timeout', '0', false)`.catch(() => undefined);
    connection.release();
  }
}

/** Compares the database with the code's files, without changing anything. Works for the service's role too. */
export async function migrationState(
  sql: Sql,
  options: Pick<MigrateOptions, "directory"> = {},
): Promise<MigrationState> {
  return await schemaState(sql, (await readMigrations(options.directory)).length);
}

/**
 * Refuses to serve a database that this code does not fit.
 * @throws MigrationError in one line that says what to do
 */
export async function requireCurrent(sql: Sql, options: Pick<MigrateOptions, "directory"> = {}): Promise<void> {
  refuseOther(await migrationState(sql, options));
}

let own: Promise<Migration[]> | undefined;

/**
 * Reads the numbered files of a folder; those of this project once, since `/readyz` asks often and they do not change.
 * @throws MigrationError when one has no number, no words, or a number is missing or taken twice
 */
export async function readMigrations(directory?: string): Promise<Migration[]> {
  return await (directory === undefined ? (own ??= readFolder(ownDirectory)) : readFolder(directory));
}

async function readFolder(directory: string): Promise<Migration[]> {
  const names = (await readdir(directory)).filter((name) => name.endsWith(".sql")).sort();
  const migrations: Migration[] = [];
  for (const [index, name] of names.entries()) {
    const match = /^(?<number>\d{4})_[a-z0-9]+(?:_[a-z0-9]+)*\.sql$/u.exec(name);
    if (match === null)
      throw new MigrationError(`sql/${name} must be named by a number and words, such as 0007_giving_chain.sql.`);
    const number = Number(match.groups?.["number"]);
    if (number !== index + 1) throw new MigrationError(`sql/${name} stands where number ${index + 1} is expected.`);
    // Line ends differ between machines, what a file does does not.
    const text = (await readFile(`${directory}/${name}`, "utf8")).replaceAll("\r\n", "\n");
    migrations.push({ number, name, text, checksum: createHash("sha256").update(text).digest("hex") });
  }
  return migrations;
}

type Applied = { number: bigint; name: string; checksum: string };

async function readApplied(sql: Session): Promise<Applied[]> {
  return await sql<Applied[]>`select number, name, checksum from schema_migration order by number`;
}

function refuseUnknown(applied: Applied[], migrations: Migration[]): void {
  if (applied.length > migrations.length) throw newerThanCode(applied.length, migrations.length);
  for (const [index, { name, checksum }] of applied.entries()) {
    const file = migrations[index];
    if (file?.name !== name)
      throw new MigrationError(`The database knows ${name}, where this version has ${file?.name}.`);
    if (file.checksum !== checksum) {
      throw new MigrationError(`sql/${name} was changed after it was applied: undo that and add a new migration.`);
    }
  }
}

/**
 * Several statements in one simple query are one transaction by PostgreSQL's own rule, so nothing can come between a file
 * and its number, whatever happens to the connection. The number goes first: a second starter that got past the lock
 * waits on this key and then fails whole.
 */
async function apply(connection: Session, { number, name, text, checksum }: Migration): Promise<void> {
  const remember = `insert into schema_migration (number, name, checksum) values (${number}, '${name}', '${checksum}');`;
  try {
    await connection.unsafe(`${remember}\n${text}`);
  } catch (error) {
    throw new MigrationError(`sql/${name} failed: ${error instanceof Error ? error.message : String(error)}`, {
      cause: error,
    });
  }
}

/**
 * PostgreSQL would compile the plans of our larger statements, which takes up to a second each time, for a handful of rows.
 * Where the owner of the tables does not own the database, it stays as it is, and the start says so.
 */
async function stopCompiling(connection: Session): Promise<void> {
  await connection.unsafe(`
    do $$ begin
      if current_setting('jit')::boolean then
        execute format('alter database %I set jit = off', current_database());
      end if;
    exception when insufficient_privilege then null;
    end $$`);
}

/** What is written once: the serving role may add to it and read it. Triggers refuse the same to everybody. */
const onlyGrowing = [
  "change",
  "journal_entry",
  "journal_line",
  "money_move",
  "money_move_line",
  "evidence",
  "opening",
  "opening_line",
  "cash_gift",
  "cash_sale",
  "correction",
  "suspense_assignment",
];

/** Rights, not ownership: the serving role reads and writes rows, and cannot change what the rules are. */
async function grant(connection: Session, serviceRole: string): Promise<void> {
  const [owner] = await connection<{ name: string }[]>`select current_user as name`;
  // With one role for both there is nothing to grant, and the revoke below would lock the owner out.
  if (owner?.name === serviceRole) return;
  const role = connection(serviceRole);
  const schemas = await connection<{ name: string }[]>`
    select nspname as name from pg_namespace where nspname = current_schema() or nspowner = current_user::regrole
      and nspname not like 'pg\\_%' and nspname <> 'information_schema'`;
  for (const { name } of schemas) {
    const schema = connection(name);
    await connection`grant usage on schema ${schema} to ${role}`;
    await connection`grant select, insert, update, delete on all tables in schema ${schema} to ${role}`;
    await connection`grant usage on all sequences in schema ${schema} to ${role}`;
    await connection`grant execute on all routines in schema ${schema} to ${role}`;
  }
  await connection`revoke insert, update, delete on schema_migration from ${role}`;
  const kept = await connection<{ name: string }[]>`
    select name from jsonb_array_elements_text(${connection.json(onlyGrowing)}) name where to_regclass(name) is not null`;
  for (const { name } of kept) await connection`revoke update, delete on ${connection(name)} from ${role}`;
}
