import type { LinkDays, PackLanguages, PackLink } from "../core/pack.ts";
import type { BoardPlace } from "../core/total.ts";
import type { NewMail } from "../core/mail.ts";
import type { Sql } from "./connect.ts";
import { asStored, type NewPack } from "./pack.ts";
import { refusalOf } from "./refusal.ts";
import type { By, Outcome } from "./staff.ts";

/** What a link needs to be made: how long it lasts, and what it will show. */
export type NewPackLink = { days: LinkDays; shared: object; at: Date };

/** Makes a link to a pack. Only its hash is kept. @returns the secret part of the address: 256 bits as 43 characters */
export async function makePackLink(
  sql: Sql,
  by: By,
  pack: bigint,
  { days, shared, at }: NewPackLink,
): Promise<Outcome<string>> {
  const token = newToken();
  const link = { hash: await hashOf(token), pack: pack.toString(), days, shared, at: at.toISOString() };
  try {
    await sql`select make_pack_link(${sql.json({ id: by.id, name: by.name })}, ${sql.json(link)})`;
    return { ok: true, value: token };
  } catch (error) {
    return { ok: false, refusal: refusalOf(error) };
  }
}

/** Takes a link back. Answers whether there was one of this pack that still stood. */
export async function revokePackLink(sql: Sql, by: By, pack: bigint, link: bigint, at: Date): Promise<boolean> {
  const [row] = await sql<{ done: boolean }[]>`
    select revoke_pack_link(${sql.json({ id: by.id, name: by.name })}, ${pack}, ${link}, ${at}) as done`;
  return row?.done === true;
}

/** The links of a pack, the newest first, with how often each was opened. */
export async function listPackLinks(sql: Sql, pack: bigint): Promise<PackLink[]> {
  return await sql<PackLink[]>`
    select l.id, l.made_at as "madeAt", l.staff_name as "madeBy", l.expires_at as "expiresAt", l.revoked_at as "revokedAt",
      l.revoked_by as "revokedBy", seen.opened::int as opened, seen.last_at as "lastOpenedAt"
    from pack_link l
    cross join lateral (select count(*) as opened, max(o.at) as last_at from pack_opening o where o.link_id = l.id) seen
    where l.pack_number = ${pack}
    order by l.id desc`;
}

/** What a link shows. */
export type OpenedPack = { link: bigint; number: bigint; shared: unknown; madeAt: Date; expiresAt: Date };

/** Opens a link, which is written down; null once it is too old or was taken back, and for what never was one. */
export async function openPackLink(
  sql: Sql,
  token: string,
  what: "page" | "pdf",
  at: Date,
): Promise<OpenedPack | null> {
  if (!/^[\w-]{43}$/u.test(token)) return null;
  const hash = await hashOf(token);
  const [row] = await sql<OpenedPack[]>`
    select l.link_id as link, l.pack_number as number, l.shared, p.made_at as "madeAt", l.expires_at as "expiresAt"
    from open_pack_link(${hash}, ${what}, ${at}) l join board_pack p on p.number = l.pack_number`;
  return row ?? null;
}

/** A pack of a month that is due. */
export type DuePack = Pick<BoardPlace, "organisationId" | "fundId"> & { languages: PackLanguages; month: string };

export async function listDuePacks(sql: Sql, at: Date): Promise<DuePack[]> {
  return await sql<DuePack[]>`
    select organisation_id as "organisationId", fund_id as "fundId", languages, month::text as month
    from due_monthly_packs(${at})`;
}

/** Who is told of a place's pack: its board, treasurers and admins. */
export async function listPackRecipients(
  sql: Sql,
  { organisationId, fundId }: Pick<BoardPlace, "organisationId" | "fundId">,
): Promise<{ staffId: string; email: string }[]> {
  return await sql<{ staffId: string; email: string }[]>`
    select staff_id as "staffId", email from pack_recipients(${organisationId}::bigint, ${fundId}::bigint)`;
}

/**
 * Stores the pack of a month with its link, and puts the mails that bring it into the queue, in one call.
 * @param mailsOf the mails, given the secret of the link
 * @returns the pack's number; null when the month had its pack already
 */
export async function sendMonthlyPack(
  sql: Sql,
  by: By,
  { pack, link, mailsOf }: { pack: NewPack; link: NewPackLink; mailsOf: (token: string) => NewMail[] },
): Promise<bigint | null> {
  const token = newToken();
  const made = { hash: await hashOf(token), days: link.days, shared: link.shared, at: link.at.toISOString() };
  const [row] = await sql<{ number: bigint | null }[]>`
    select send_monthly_pack(
      ${sql.json({ id: by.id, name: by.name })}, ${sql.json(asStored(pack))}, ${sql.json(made)}, ${sql.json(mailsOf(token))}
    ) as number`;
  return row?.number ?? null;
}

function newToken(): string {
  return Buffer.from(crypto.getRandomValues(new Uint8Array(32))).toString("base64url");
}

async function hashOf(token: string): Promise<string> {
  const bits = await crypto.subtle.digest("SHA-256", new TextEncoder().encode(token));
  return Buffer.from(bits).toString("hex");
}
