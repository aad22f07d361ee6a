import type { StripeAccountRow } from "../core/stripe-account.ts";
import { isSandboxKey, readSecretKey } from "../core/stripe-key.ts";
import { readFixedMode, type Mode } from "../db/mode.ts";
import type { Sealed } from "../seal.ts";
import { stripeWords as words } from "../../web/locales/en/stripe-settings.ts";
import type { Deps } from "./deps.ts";

/** A key that was tried, on its way through the page that asks whether to keep it. Nobody can read it there. */
type Tried = { key: string; stripeAccountId: string | null };

/** How long somebody may think about what was tried. */
const keptMs = 30 * 60_000;

const about = ({ id }: Pick<StripeAccountRow, "id">): string[] => ["tried key", String(id)];

/** Seals a tried key for the form that has it kept: nothing is stored before that is sent. */
export async function sealTried({ keys, now }: Deps, row: StripeAccountRow, tried: Tried): Promise<Sealed> {
  return await keys.seal.seal(JSON.stringify({ ...tried, at: now().getTime() }), about(row));
}

/** What `sealTried` sealed for this account, or null when that is too long ago, or was not ours. */
export async function openTried({ keys, now }: Deps, row: StripeAccountRow, sealed: Sealed): Promise<Tried | null> {
  const text = await keys.seal.open(sealed, about(row));
  if (text === null) return null;
  const { at, ...tried } = JSON.parse(text) as Tried & { at: number };
  return now().getTime() - at > keptMs ? null : tried;
}

/**
 * Which mode a pasted key would be used in; refused in words when it is no key, or not one for this database. A database
 * that has no payments yet becomes one of the key's mode.
 */
export async function modeOfKey(
  { sql, mode }: Pick<Deps, "sql" | "mode">,
  text: string,
): Promise<{ ok: true; mode: Mode } | { ok: false; words: string }> {
  const refused = (reason: string): { ok: false; words: string } => ({ ok: false, words: reason });
  const { errors } = words;
  if (text === "") return refused(errors.noKey);
  if (text.startsWith("pk_")) return refused(errors.publishable);
  if (text.startsWith("whsec_")) return refused(errors.webhookSecret);
  const read = readSecretKey(text);
  if (read === null) return refused(errors.notAKey);
  if (isSandboxKey(text)) return mode === "sandbox" ? { ok: true, mode } : refused(errors.practice);
  const fixed = mode === "sandbox" ? await readFixedMode(sql) : mode;
  if (fixed !== null && fixed !== read.mode) return refused(errors.otherMode(fixed, read.mode));
  return { ok: true, mode: read.mode };
}
