import type { Mode } from "./mode.ts";
import type { Sql } from "./connect.ts";
import { refusalOf } from "./refusal.ts";

export type AccountKeyKind = "secret key" | "webhook secret";

/** A key as the database keeps it: sealed, with what may be told of it. */
export type KeptKey = {
  kind: AccountKeyKind;
  iv: string;
  ciphertext: string;
  /** The fingerprint of the settings' key that sealed it. */
  sealedBy: string;
  lastFour: string;
  /** The endpoint at Stripe that a webhook secret belongs to, if we made it. */
  endpointId: string | null;
};

/** A key that is taken now. `until` is when it will be no more, null while it stands. */
export type StandingKey = KeptKey & { accountId: bigint; since: Date; until: Date | null };

/** The keys of an account that are taken now, the newest first. */
export async function listAccountKeys(sql: Sql, slug: string): Promise<StandingKey[]> {
  return await sql<StandingKey[]>`
    select k.account_id as "accountId", k.kind, k.iv, k.ciphertext, k.sealed_by as "sealedBy", k.last_four as "lastFour", k.endpoint_id as "endpointId",
      k.since, k.revoked_at as until
    from account_key k
    join account a on a.id = k.account_id
    where a.slug = ${slug} and (k.revoked_at is null or k.revoked_at > now())
    order by k.revoked_at is not null, k.id desc`;
}

/** Who does it, as the audit trail names them. */
export type Doer = { id: string; name: string };

type Keeping = {
  accountId: bigint;
  mode: Mode;
  /** The account's id at Stripe, null where Stripe did not tell. */
  stripeAccountId: string | null;
  keys: readonly KeptKey[];
};

/** Keeps keys in place of those of the same kind; refuses those of another mode or another account, in words. */
export async function keepAccountKeys(
  sql: Sql,
  { id, name }: Doer,
  { accountId, mode, stripeAccountId, keys }: Keeping,
): Promise<{ ok: true } | { ok: false; refusal: string }> {
  try {
    await sql`select keep_account_keys(
      ${sql.json({ id, name })}, ${accountId}, ${mode}, ${stripeAccountId}, ${sql.json(keys)}
    )`;
    return { ok: true };
  } catch (error) {
    return { ok: false, refusal: refusalOf(error) };
  }
}

/** Forgets the keys of a kind at once. @returns how many there were */
export async function revokeAccountKeys(
  sql: Sql,
  { id, name }: Doer,
  accountId: bigint,
  kind: AccountKeyKind,
): Promise<bigint> {
  const [row] = await sql<{ revoked: bigint }[]>`
    select revoke_account_keys(${sql.json({ id, name })}, ${accountId}, ${kind}) as revoked`;
  return row?.revoked ?? 0n;
}
