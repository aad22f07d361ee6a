import type { Context } from "hono";
import { giveTurnsBack, takeTurn } from "../db/staff.ts";
import { clientAddress } from "./client-address.ts";
import type { Deps, Env } from "./deps.ts";
import { Refused } from "./failure.ts";

/** Tries at once, and the seconds until one more: a pause, never a lock that a stranger could turn. */
const ofAddress = { most: 20, seconds: 15 };
const ofAccount = { most: 10, seconds: 30 };
/** Openings of links that are none. */
const ofLink = { most: 20, seconds: 15 };

type Needs = Pick<Deps, "sql" | "proxies">;

/**
 * Takes a turn at guessing a secret, for whoever asks and, where one is named, for the account. The address counts first,
 * so that one which has no turn left cannot use up an account's.
 * @param account what was typed as the account; whether there is one makes no difference
 * @returns after how many seconds to come again; 0 to go on
 */
export async function takeTurnAt(c: Context<Env>, { sql, proxies }: Needs, account: string | null): Promise<number> {
  const turns = [{ key: `address ${clientAddress(c, proxies) ?? "unknown"}`, ...ofAddress }];
  if (account !== null) turns.push({ key: await keyOf(account), ...ofAccount });
  return await takeTurn(sql, turns);
}

/** The same for forms that cannot go on without: @throws Refused "too often" */
export async function requireTurn(c: Context<Env>, needs: Needs, account: string | null): Promise<void> {
  const wait = await takeTurnAt(c, needs, account);
  if (wait === 0) return;
  c.header("retry-after", String(wait));
  throw new Refused("too often");
}

/**
 * Opens something by the secret in its address, which whoever asks may guess at as seldom as at a password. A secret that
 * opens costs no turn, and has nothing to do with those for signing in.
 * @param open answers null for a secret that opens nothing
 * @throws Refused "too often"
 */
export async function openByLink<Opened>(
  c: Context<Env>,
  { sql, proxies }: Needs,
  open: () => Promise<Opened | null>,
): Promise<Opened | null> {
  const key = `link ${clientAddress(c, proxies) ?? "unknown"}`;
  const wait = await takeTurn(sql, [{ key, ...ofLink }]);
  if (wait > 0) {
    c.header("retry-after", String(wait));
    throw new Refused("too often");
  }
  const opened = await open();
  if (opened !== null) await giveTurnsBack(sql, key);
  return opened;
}

/** Whoever knew the secret has not been guessing. */
export async function forgetTurns({ sql }: Needs, account: string): Promise<void> {
  await giveTurnsBack(sql, await keyOf(account));
}

/** What was typed is kept as a hash: it may be anything, a password in the wrong field too. */
async function keyOf(account: string): Promise<string> {
  const bits = await crypto.subtle.digest("SHA-256", new TextEncoder().encode(account.trim().toLowerCase()));
  return `account ${Buffer.from(bits).toString("base64url").slice(0, 22)}`;
}
