import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { createApp } from "../../src/app.ts";
import type { Sql } from "../../src/db/connect.ts";
import { listChanges } from "../../src/db/change.ts";
import { makeLink } from "../../src/db/link.ts";
import { openTestDatabase, type TestDatabase } from "../database.ts";
import { signIn, testAuth, type SignedIn } from "../staff.ts";
import { baseUrl, form, openService, type Service } from "./house.ts";

let service: Service;
let sql: Sql;
let house: bigint;
let other: bigint;

beforeAll(async () => {
  service = await openService();
  sql = service.deps.sql;
  await sql`insert into organisation (slug, name, legal_name, address, contact) values ('two', 'Two', 'Two', 'there', 'two@example.org')`;
  const found = await sql<{ id: bigint; slug: string }[]>`select id, slug from organisation`;
  house = found.find(({ slug }) => slug === "house")?.id ?? 0n;
  other = found.find(({ slug }) => slug === "two")?.id ?? 0n;
});
afterAll(async () => await service.close());

const by = { id: "test", name: "A test" };
const password = "seven wet umbrellas";

async function post(
  path: string,
  fields: Record<string, string>,
  as: SignedIn | null = service.admin,
  app = service.app,
) {
  return await app.request(path, form(fields, as?.headers ?? {}));
}
const get = async (path: string, as: SignedIn | null = service.admin): Promise<Response> =>
  await service.app.request(path, { headers: as?.headers ?? {} });

/** The path of the link that a page shows. */
async function linkOf(answer: Response): Promise<string> {
  const found = new RegExp(`value="${baseUrl}(?<path>/(?:join|reset)/[\\w-]{43})"`, "u").exec(await answer.text());
  return found?.groups?.["path"] ?? "no link";
}

const rolesOf = async (id: string) =>
  await sql`select role, organisation_id as "organisationId" from auth.membership where staff_id = ${id} order by id`;
const lastChange = async () => (await listChanges(sql, { kind: null, before: null, organisations: null, limit: 1 }))[0];

describe("an invitation", () => {
  test("is a link that opens as often as it is looked at, and lets one person in, once", async () => {
    const made = await post("/desk/staff", {
      name: "Bo",
      email: "bo@example.org",
      role: "treasurer",
      where: `o:${house}`,
    });
    expect([made.status, made.headers.get("cache-control")]).toEqual([200, "no-store"]);
    const path = await linkOf(made);
    expect(await (await get("/desk/staff")).text()).toContain("1 invitation not accepted yet");
    for (let look = 0; look < 5; look++) {
      const page = await get(path, null);
      expect(page.status).toBe(200);
      expect(await page.text()).toContain("You are invited as bo@example.org");
    }
    expect((await post(path, { name: "Bo", password: "short" }, null)).status).toBe(422);
    const joined = await post(path, { name: "Bo", password, email: "somebody@else.example", role: "admin" }, null);
    expect([joined.status, joined.headers.get("location")]).toEqual([303, "/sign-in"]);
    expect(joined.headers.get("set-cookie")).toMatch(/^almonry=/u);
    const [bo] = await sql<{ id: string }[]>`select id from auth.staff where email = 'bo@example.org'`;
    expect(await rolesOf(bo?.id ?? "")).toEqual([{ role: "treasurer", organisationId: house }]);
    expect(await lastChange()).toMatchObject({
      staffName: "Ada Admin",
      deed: "joined",
      subject: bo?.id,
      after: { role: "treasurer", organisation: "house", organisations: ["house"] },
    });
    expect((await get(path, null)).status).toBe(410);
    expect((await post(path, { name: "Bo", password }, null)).status).toBe(410);
  });

  test("works for a week, and not once there is a newer one", async () => {
    const [first, second] = [
      await linkOf(await post("/desk/staff", { name: "Cy", email: "cy@example.org", role: "board", where: "all" })),
      await linkOf(await post("/desk/staff", { name: "Cy", email: "cy@example.org", role: "board", where: "all" })),
    ];
    expect([(await get(first, null)).status, (await get(second, null)).status]).toEqual([410, 200]);
    await sql`update auth.link set expires_at = now() where email = 'cy@example.org'`;
    expect((await get(second, null)).status).toBe(410);
  });

  test.each([
    [{ name: "" }, "Enter your name"],
    [{ email: "nobody" }, "Enter an e-mail address"],
    [{ role: "king" }, "Choose a role"],
    [{ where: "o:999" }, "Choose where"],
    [{ role: "admin", where: "f:1:1" }, "not for one fund"],
    [{ email: "taken@example.org" }, "on the staff has this address already"],
  ])("is refused beside the field, and what was typed stays: %o", async (wrong, words) => {
    await sql`insert into auth.staff (name, email) values ('Taken', 'taken@example.org') on conflict do nothing`;
    const typed = { name: "Di <b>", email: "di@example.org", role: "board", where: "all", ...wrong };
    const answer = await post("/desk/staff", typed);
    const page = await answer.text();
    expect([answer.status, page.includes(words)]).toEqual([422, true]);
    expect(page).not.toContain("Di <b>");
  });

  test("falls with whoever gave it", async () => {
    const admin = await signIn(sql, "admin");
    const path = await linkOf(
      await post("/desk/staff", { name: "Ed", email: "ed@example.org", role: "admin", where: "all" }, admin),
    );
    expect((await get(path, null)).status).toBe(200);
    expect((await post(`/desk/staff/${admin.id}/remove`, {})).status).toBe(303);
    expect((await get(path, null)).status).toBe(410);
  });
});

describe("roles", () => {
  test("given and taken, they end the person's sessions and stand in the trail", async () => {
    const person = await signIn(sql, "board");
    const given = await post(`/desk/staff/${person.id}/roles`, { role: "reviewer", where: `o:${other}` });
    expect(given.headers.get("location")).toBe("/desk/staff?said=given");
    expect(await lastChange()).toMatchObject({
      deed: "given",
      kind: "role",
      subject: person.id,
      after: { role: "reviewer", organisation: "two" },
    });
    expect((await get("/board", person)).status).toBe(303);
    const [, held] = await sql<
      { id: bigint }[]
    >`select id from auth.membership where staff_id = ${person.id} order by id`;
    const taken = await post(`/desk/staff/${person.id}/roles/take`, { membership: String(held?.id) });
    expect(taken.headers.get("location")).toBe("/desk/staff?said=taken");
    expect(await lastChange()).toMatchObject({ deed: "taken", before: { role: "reviewer" }, after: null });
    expect(await rolesOf(person.id)).toEqual([{ role: "board", organisationId: null }]);
  });

  test("an admin of one organisation gives roles there only, and not to be more than they are", async () => {
    const local = await signIn(sql, [{ role: "admin", organisationId: house }]);
    const theirs = await signIn(sql, [{ role: "board", organisationId: house }]);
    const shared = await signIn(sql, [
      { role: "board", organisationId: house },
      { role: "admin", organisationId: null },
    ]);
    const list = await (await get("/desk/staff", local)).text();
    expect(list).toContain(theirs.name);
    expect(list).not.toContain("All organisations</option>");
    for (const where of ["all", `o:${other}`])
      expect((await post(`/desk/staff/${theirs.id}/roles`, { role: "admin", where }, local)).status).toBe(422);
    expect(
      (await post("/desk/staff", { name: "X", email: "x@example.org", role: "admin", where: "all" }, local)).status,
    ).toBe(422);
    expect(
      (await post(`/desk/staff/${theirs.id}/roles`, { role: "treasurer", where: `o:${house}` }, local)).status,
    ).toBe(303);
    // A link for a new password of somebody who may more would be a way up.
    expect((await post(`/desk/staff/${shared.id}/reset`, {}, local)).status).toBe(403);
    expect((await post(`/desk/staff/${shared.id}/remove`, {}, local)).status).toBe(403);
    const [more] = await sql<
      { id: bigint }[]
    >`select id from auth.membership where staff_id = ${shared.id} and role = 'admin'`;
    expect((await post(`/desk/staff/${shared.id}/roles/take`, { membership: String(more?.id) }, local)).status).toBe(
      403,
    );
    expect((await post(`/desk/staff/${theirs.id}/reset`, {}, local)).status).toBe(200);
  });

  test("a link for a new password falls when the person comes to hold another role", async () => {
    const person = await signIn(sql, [{ role: "board", organisationId: house }]);
    const path = await linkOf(await post(`/desk/staff/${person.id}/reset`, {}));
    expect((await get(path, null)).status).toBe(200);
    await post(`/desk/staff/${person.id}/roles`, { role: "admin", where: "all" });
    expect((await get(path, null)).status).toBe(410);
  });
});

describe("a link for a new password", () => {
  test("sets it, ends every session, forgets the authenticator where that was said, and works once", async () => {
    const person = await signIn(sql, "treasurer");
    await sql`insert into auth.two_factor (id, staff_id, secret, backup_codes) values (${person.id}, ${person.id}, 'x', 'y')`;
    await sql`update auth.staff set two_factor_enabled = true where id = ${person.id}`;
    const path = await linkOf(await post(`/desk/staff/${person.id}/reset`, { clears: "yes" }));
    expect(await (await get(path, null)).text()).toContain("Your authenticator is forgotten too");
    const set = await post(path, { password }, null);
    expect(set.headers.get("location")).toBe("/sign-in?said=changed");
    expect((await get("/desk", person)).status).toBe(303);
    const [staff] = await sql`select two_factor_enabled as on from auth.staff where id = ${person.id}`;
    expect(staff).toEqual({ on: false });
    expect(await lastChange()).toMatchObject({ deed: "reset", kind: "password", subject: person.id });
    expect((await post("/sign-in", { email: `${person.id}@example.org`, password }, null)).status).toBe(303);
    expect((await post(path, { password }, null)).status).toBe(410);
  });
});

describe("removing somebody", () => {
  test("ends sessions, takes every role, frees the address, and keeps the name in history", async () => {
    const person = await signIn(sql, [{ role: "reviewer", organisationId: house }], { name: "Rae Reviewer" });
    const removed = await post(`/desk/staff/${person.id}/remove`, {});
    expect(removed.headers.get("location")).toBe("/desk/staff?said=removed");
    expect((await get("/desk", person)).status).toBe(303);
    const [kept] = await sql<
      { name: string; email: string }[]
    >`select name, email from auth.staff where id = ${person.id}`;
    expect(kept).toMatchObject({ name: "Rae Reviewer", email: `left:${person.id}` });
    expect(await rolesOf(person.id)).toEqual([]);
    expect(await lastChange()).toMatchObject({
      deed: "removed",
      subject: person.id,
      before: { organisations: ["house"] },
    });
    expect((await get(`/desk/staff/${person.id}`)).status).toBe(404);
    const again = await post("/desk/staff", {
      name: "Rae",
      email: `${person.id}@example.org`,
      role: "board",
      where: "all",
    });
    expect(again.status).toBe(200);
  });
});

describe("the last admin", () => {
  let database: TestDatabase;
  beforeAll(async () => (database = await openTestDatabase()));
  afterAll(async () => await database.close());

  test("can be neither removed nor lowered, whichever way it is tried", async () => {
    const app = createApp({ ...service.deps, sql: database.sql, auth: testAuth(database.url, baseUrl) });
    const admin = await signIn(database.sql, "admin");
    await signIn(database.sql, "treasurer");
    const [held] = await database.sql<{ id: bigint }[]>`select id from auth.membership where staff_id = ${admin.id}`;
    for (const [path, fields] of [
      ["remove", {}],
      ["roles/take", { membership: String(held?.id) }],
    ] as const) {
      const answer = await post(`/desk/staff/${admin.id}/${path}`, fields, admin, app);
      expect([answer.status, (await answer.text()).includes("The last admin for all organisations cannot be")]).toEqual(
        [422, true],
      );
    }
    for (const statement of [
      database.sql`delete from auth.membership`,
      database.sql`update auth.membership set role = 'board' where staff_id = ${admin.id}`,
      database.sql`update auth.staff set left_at = now() where id = ${admin.id}`,
    ])
      await expect(statement).rejects.toMatchObject({ constraint_name: "last_admin_stays" });
  });

  test("is one of two who remove each other at the same moment", async () => {
    const [one, two] = [await signIn(database.sql, "admin"), await signIn(database.sql, "admin")];
    await database.sql`
      update auth.staff set left_at = now() where id not in (${one.id}, ${two.id}) and left_at is null`;
    const outcomes = await Promise.allSettled([
      database.sql`select remove_staff('{"id":"x","name":"x"}', ${one.id})`,
      database.sql`select remove_staff('{"id":"x","name":"x"}', ${two.id})`,
    ]);
    expect(outcomes.map(({ status }) => status).toSorted()).toEqual(["fulfilled", "rejected"]);
  });
});

describe("the first admin", () => {
  test("is one of ten who send the form at the same moment, with one link and with two", async () => {
    for (const links of [1, 2]) {
      const database = await openTestDatabase();
      const auth = testAuth(database.url, baseUrl);
      const app = createApp({ ...service.deps, sql: database.sql, auth });
      expect(await (await app.request("/sign-in")).text()).toContain("Nobody is on the staff yet");
      const tokens: string[] = [];
      for (let each = 0; each < links; each++) {
        const link = await makeLink(database.sql, by, { kind: "set up", ...(each === 1 && { email: "second start" }) });
        if (link.ok) tokens.push(link.value);
      }
      for (let look = 0; look < 5; look++) expect((await app.request(`/setup/${tokens[0]}`)).status).toBe(200);
      const answers = await Promise.all(
        Array.from(
          { length: 10 },
          async (_, each) =>
            await post(
              `/setup/${tokens[each % links]}`,
              { name: `N${each}`, email: `n${each}@example.org`, password },
              null,
              app,
            ),
        ),
      );
      expect(answers.filter(({ status }) => status === 303)).toHaveLength(1);
      expect(answers.filter(({ status }) => status === 410)).toHaveLength(9);
      expect(await database.sql`select role from auth.membership`).toEqual([{ role: "admin" }]);
      expect((await app.request(`/setup/${tokens[0]}`)).status).toBe(410);
      await auth.close();
      await database.close();
    }
  });
});

describe("the demo's people", () => {
  const demoStaff = [{ id: "demo-board", name: "Bea", role: "board" }] as const;
  const here = { host: "127.0.0.1:8787" };

  test("are offered and let in at this machine only, and nowhere but in the demo", async () => {
    await sql`select make_demo_staff(${sql.json(demoStaff)})`;
    const app = createApp({ ...service.deps, demoStaff });
    const shown = async (headers: Record<string, string>) => await (await app.request("/sign-in", { headers })).text();
    expect(await shown(here)).toContain("Look as board");
    for (const elsewhere of [{ host: "give.example.org" }, { ...here, "x-forwarded-for": "10.0.0.1" }]) {
      expect(await shown(elsewhere)).not.toContain("Look as");
      expect((await app.request("/sign-in/as", form({ role: "board" }, elsewhere))).status).toBe(404);
    }
    expect((await service.app.request("/sign-in/as", form({ role: "board" }, here))).status).toBe(404);
    expect((await app.request("/sign-in/as", form({ role: "admin" }, here))).status).toBe(400);
    expect((await app.request("/board", { headers: here })).status).toBe(303);

    const entered = await app.request("/sign-in/as", form({ role: "board" }, here));
    const cookie = (entered.headers.get("set-cookie") ?? "").split(";")[0] ?? "";
    expect(entered.headers.get("set-cookie")).toMatch(/; HttpOnly; SameSite=Lax$/u);
    expect((await app.request("/board", { headers: { cookie } })).status).toBe(200);
    expect((await app.request("/desk", { headers: { cookie } })).status).toBe(403);
    expect(await (await app.request("/account", { headers: { cookie } })).text()).not.toContain("present password");
    const donor = await app.request("/sign-in/as", form({ role: "donor" }, { ...here, cookie }));
    expect(donor.headers.get("location")).toBe("/");
    expect((await app.request("/board", { headers: { cookie } })).status).toBe(303);
  });
});
