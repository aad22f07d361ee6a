import type { Context } from "hono";
import { giveTurnsBack, takeTurn } from "../db/staff.ts";
import { clientAddress } from "./client-address.ts";
import type { Deps, Env } from "./deps.ts";
import { Refused } from "./failure.ts";

/** Tries at once, and the seconds until one more: a pause, never a lock that a stranger could turn. */
const ofAddress = { most: 20, seconds: 15 };
const ofAccount = { most: 10, seconds: 30 };

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

/** Whoever knew the secret has not been guessing. */
export async function forgetTurns({ sql }: Needs, account: string): Promise<void> {
  await giveTurnsBack(sql, await keyOf(account));
}

/** What was typed is kept as a hash: it may be anything, a password in the wrong field too. */
async function keyOf(account: string): Promise<string> {
  const bits = await crypto.subtle.digest("SHA-256", new TextEncoder().encode(account.trim().toLowerCase()));
  return `account ${Buffer.from(bits).toString("base64url").slice(0, 22)}`;
}
