import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { createApp } from "../../src/app.ts";
import { mayAnywhere, roles, type Role } from "../../src/core/role.ts";
import { guard } from "../../src/http/guard.ts";
import { listRoutes, openToAll, refuseOpenRoutes } from "../../src/http/open.ts";
import { signIn, type SignedIn } from "../staff.ts";
import { snapshot } from "../web/pack-story.ts";
import { rows, type Row, type Things } from "./matrix-rows.ts";
import { form, openService, type Service } from "./house.ts";

// Every route, as everybody: each role for all organisations, for the one that a thing belongs to and for another, and
// nobody at all. The routes come from the router itself.

let service: Service;
let own: bigint;
const people = new Map<string, SignedIn>();

beforeAll(async () => {
  service = await openService();
  const { sql } = service.deps;
  await sql`
    insert into organisation (slug, name, legal_name, address, contact) values ('two', 'Two', 'Two Society', 'there', 'two@example.org')`;
  const found = await sql<{ id: bigint; slug: string }[]>`select id, slug from organisation order by id`;
  own = found.find(({ slug }) => slug === "house")?.id ?? 0n;
  const other = found.find(({ slug }) => slug === "two")?.id ?? 0n;
  for (const role of roles) {
    people.set(`${role} for all`, await signIn(sql, role));
    people.set(`${role} of one`, await signIn(sql, [{ role, organisationId: own }]));
    people.set(`${role} of another`, await signIn(sql, [{ role, organisationId: other }]));
  }
});
afterAll(async () => await service.close());

/** Something of this organisation's to be changed, afresh for each try: an allowed one may go through. */
async function madeThings(organisationId: bigint): Promise<Things> {
  const { sql } = service.deps;
  const [rule] = await sql<{ id: bigint }[]>`
    insert into sorting_rule (account_id, description, becomes)
    select id, ${crypto.randomUUID()}, 'not ours' from account where organisation_id = ${organisationId} limit 1 returning id`;
  const gift = { request: crypto.randomUUID(), fund: "families", amount_minor: "500", day: "2021-03-04" };
  const [made] = await sql<{ payment: string }[]>`
    select payment_id::text as payment from record_cash(
      ${sql.json(gift)}::jsonb || jsonb_build_object('organisation', (select slug from organisation where id = ${organisationId})))`;
  const [stood] = await sql<{ entry: string }[]>`
    select max(id)::text as entry from journal_entry where organisation_id = ${organisationId}`;
  const payout = `po_${crypto.randomUUID().replaceAll("-", "")}`;
  await sql`
    insert into stripe_payout (account_id, id, status, amount_minor, currency, automatic, arrival_date, created)
    select id, ${payout}, 'paid', 500, 'CAD', true, '2021-03-04', '2021-03-02' from account where organisation_id = ${organisationId} limit 1`;
  const [drawn] = await sql<{ check: string }[]>`
    select draw_spot_check(
      jsonb_build_object('request', ${crypto.randomUUID()}::text, 'organisation', (select slug from organisation where id = ${organisationId})),
      '["0"]', '{"id": "nobody"}')::text as check`;
  const [packed] = await sql<{ pack: string }[]>`
    select make_board_pack('{"id": "t", "name": "Tara"}', ${sql.json({ organisation: String(organisationId), currency: "CAD", languages: "en", note: "", at: "2021-03-04T12:00:00Z", snapshot })})::text as pack`;
  return {
    pack: packed?.pack ?? "",
    staff: (await signIn(sql, [{ role: "reviewer", organisationId }])).id,
    rule: String(rule?.id),
    payment: made?.payment ?? "",
    account: "main",
    entry: stood?.entry ?? "",
    payout,
    check: drawn?.check ?? "",
  };
}

let kept: Promise<Things> | null = null;

/** The same for tries that change nothing. */
async function shared(): Promise<Things> {
  return await (kept ??= madeThings(own));
}

let look = "";

/** All that is kept, but for when sessions were last used, who tried how often, and what background work notes. */
async function state(): Promise<string> {
  const { sql } = service.deps;
  if (look === "") {
    const [row] = await sql<{ look: string }[]>`
      select string_agg(format('select %L || md5(coalesce(string_agg(t::text, $$ $$ order by t::text), $$$$)) as digest from %I.%I t',
        c.relname, n.nspname, c.relname), ' union all ') as look
      from pg_class c join pg_namespace n on n.oid = c.relnamespace
      where c.relkind = 'r' and n.nspname in ('public', 'auth')
        and c.relname not in ('session', 'throttle', 'fetch_need', 'ticket', 'sandbox_object')`;
    look = row?.look ?? "";
  }
  const digests = await sql.unsafe<{ digest: string }[]>(look);
  return digests
    .map(({ digest }) => digest)
    .toSorted()
    .join("\n");
}

async function ask(route: string, row: Row, things: Things, who: SignedIn | null, scripted = false): Promise<Response> {
  const [method = "", pattern = ""] = route.split(" ");
  const path = row.of?.(things) ?? pattern.replaceAll(/:[a-z]+/gu, "nothing");
  const headers: Record<string, string> = { ...who?.headers, ...(scripted ? { accept: "application/json" } : {}) };
  const init = method === "GET" ? { headers } : form(row.fields ?? {}, headers);
  const answer = await service.app.request(path, { ...init, method });
  await answer.body?.cancel();
  return answer;
}

const isAllowed = (role: Role, { deed }: Row): boolean =>
  deed === "own account" ||
  mayAnywhere({ id: "", name: "", memberships: [{ role, organisationId: null, fundId: null }] }, deed);

test("every route is open by name or has a row, and every row and name is a route's", () => {
  const routes = listRoutes(service.app).filter(({ route }) => !/ \/(?:v1|sandbox)\//u.test(route));
  const guarded = routes.filter(({ isGuarded }) => isGuarded).map(({ route }) => route);
  const open = routes.filter(({ isGuarded }) => !isGuarded).map(({ route }) => route);
  expect(guarded.toSorted()).toEqual(Object.keys(rows).toSorted());
  expect(open.toSorted()).toEqual(openToAll.filter((route) => route !== "GET /assets/*").toSorted());
});

test("a route that is neither open by name nor behind a guard keeps the service from starting", () => {
  const app = createApp(service.deps);
  app.get("/desk-of-nobody", (c) => c.text("secret"));
  expect(() => refuseOpenRoutes(app)).toThrow("no guard stands before GET /desk-of-nobody");
  app.post("/guarded", guard(service.deps, "keep money"), (c) => c.text("done"));
  expect(() => refuseOpenRoutes(app)).not.toThrow("/guarded");
});

describe.each(Object.entries(rows))("%s", (route, row) => {
  const isPage = route.startsWith("GET") && !/\.json$|\.csv\}?$|\.pdf$|\/live$/u.test(route);

  test("is refused to nobody known, to other roles and to another organisation, and changes nothing", async () => {
    const mine = await shared();
    const before = await state();
    for (const scripted of [false, true]) {
      const answer = await ask(route, row, mine, null, scripted);
      expect(answer.status).toBe(isPage && !scripted ? 303 : 401);
      expect(answer.headers.get("location") ?? "").toMatch(isPage && !scripted ? /^\/sign-in\?to=%2F/u : /^$/u);
      expect(answer.headers.get("cache-control")).toBe("no-store");
    }
    for (const role of roles) {
      const statusFor = async (where: string): Promise<number> =>
        (await ask(route, row, mine, people.get(`${role} ${where}`) ?? null)).status;
      for (const where of isAllowed(role, row) ? [] : ["for all", "of one"])
        expect(await statusFor(where), `${role} ${where}`).toBe(403);
      // Of what belongs to another organisation nobody even learns that it is there.
      for (const where of row.of === undefined ? [] : ["of another"])
        expect(await statusFor(where), `${role} ${where}`).toBe(isAllowed(role, row) ? 404 : 403);
    }
    expect(await state()).toBe(before);
  });

  test("opens for its roles", async () => {
    for (const role of roles.filter((each) => isAllowed(each, row))) {
      for (const where of ["for all", "of one"]) {
        // What is changed or removed is not there for the next one.
        const mine = row.of === undefined || isPage ? await shared() : await madeThings(own);
        const { status, headers } = await ask(route, row, mine, people.get(`${role} ${where}`) ?? null);
        expect([401, 403, 500, 503], `${role} ${where}`).not.toContain(status);
        expect(isPage && row.of !== undefined && status === 404, `${role} ${where}`).toBe(false);
        expect(headers.get("location") ?? "").not.toMatch(/^\/sign-in\?to/u);
      }
    }
  });
});
