import { afterAll, afterEach, beforeAll, describe, expect, test } from "vitest";
import { createApp } from "../../src/app.ts";
import { createAuth } from "../../src/auth/auth.ts";
import { hashPassword } from "../../src/auth/password.ts";
import { openSql, type Sql } from "../../src/db/connect.ts";
import { makeLink } from "../../src/db/link.ts";
import { codeOf } from "../authenticator.ts";
import { sessionOf, signIn } from "../staff.ts";
import { baseUrl, form, openService, type Service } from "./house.ts";

let service: Service;
let sql: Sql;
let owner: Sql;
const email = "ada@example.org";
const password = "canary umbrellas in september";

beforeAll(async () => {
  service = await openService();
  sql = service.deps.sql;
  owner = openSql(service.database.ownerUrl, { max: 1 });
  const by = { id: "test", name: "A test" };
  const roles = [{ role: "admin", organisationId: null, fundId: null }] as const;
  const link = await makeLink(sql, by, { kind: "join", name: "Ada", email, roles });
  if (!link.ok) throw new Error(link.refusal);
  const joined = await post(`/join/${link.value}`, { name: "Ada", password });
  if (joined.status !== 303) throw new Error(await joined.text());
});
afterEach(async () => void (await sql`delete from auth.throttle`));
afterAll(async () => {
  await owner.end();
  await service.close();
});

type Ask = { cookie?: string; app?: Service["app"]; headers?: Record<string, string>; socket?: string };

/** Sends a form, as somebody with these cookies at the other end of this socket. */
async function post(path: string, fields: Record<string, string>, { cookie, headers, socket, app }: Ask = {}) {
  const env = socket === undefined ? undefined : { incoming: { socket: { remoteAddress: socket } } };
  const sent = form(fields, { ...(cookie === undefined ? {} : { cookie }), ...headers });
  return await (app ?? service.app).request(path, sent, env);
}

/** The cookies that an answer sets, as a browser sends them back; what it takes away is left out. */
function cookiesOf(answer: Response): string {
  return answer.headers
    .getSetCookie()
    .filter((cookie) => !/Max-Age=0/u.test(cookie))
    .map((cookie) => cookie.split(";")[0])
    .join("; ");
}

const get = async (path: string, cookie = "", app = service.app): Promise<Response> =>
  await app.request(path, { headers: { cookie } });

describe("signing in and out", () => {
  test("leads to where one wanted to go, and by the role where one did not say", async () => {
    const asked = await get("/desk/dead-letters?x=1");
    expect(asked.headers.get("location")).toBe("/sign-in?to=%2Fdesk%2Fdead-letters%3Fx%3D1");
    expect(await (await get("/sign-in?to=%2Fdesk%2Fdead-letters%3Fx%3D1")).text()).toContain(
      'value="/desk/dead-letters?x=1"',
    );
    const entered = await post("/sign-in", { email: " ADA@example.org ", password, to: "/desk/dead-letters?x=1" });
    expect([entered.status, entered.headers.get("location")]).toEqual([303, "/desk/dead-letters?x=1"]);
    const cookie = cookiesOf(entered);
    expect((await get("/desk", cookie)).status).toBe(200);
    expect((await get("/sign-in", cookie)).headers.get("location")).toBe("/desk");
    const { headers } = await signIn(sql, "board");
    expect((await get("/sign-in", headers.cookie)).headers.get("location")).toBe("/board");
  });

  test("says who is signed in on every page, and the way out ends the session", async () => {
    const cookie = cookiesOf(await post("/sign-in", { email, password }));
    expect(await (await get("/", cookie)).text()).toMatch(/Ada<\/a>.*Sign out/su);
    const left = await post("/sign-out", {}, { cookie });
    expect(left.headers.get("set-cookie")).toMatch(/^almonry=; Max-Age=0; Path=\//u);
    expect((await get("/desk", cookie)).status).toBe(303);
    expect(await (await get("/", cookie)).text()).not.toContain("Sign out");
  });

  test("gives a session of one's own, whatever cookie a browser was given before", async () => {
    const planted = await sessionOf(sql, (await signIn(sql, "board")).id);
    const answer = await post("/sign-in", { email, password }, { cookie: planted.headers.cookie });
    const cookie = cookiesOf(answer);
    expect(cookie).not.toBe("");
    expect(cookie).not.toBe(planted.headers.cookie);
    // What was there before is over, so that nobody else looks through it.
    expect((await get("/board", planted.headers.cookie)).status).toBe(303);
    expect((await get("/board", "almonry=chosen.by-somebody-else")).status).toBe(303);
  });

  test("is refused in the same words whether the address is known or not, and keeps what was typed", async () => {
    const pages = [];
    for (const typed of [email, "nobody@example.org"]) {
      const answer = await post("/sign-in", { email: typed, password: "wrong wrong wrong" });
      expect([answer.status, answer.headers.getSetCookie()]).toEqual([422, []]);
      const page = await answer.text();
      expect(page).toContain(`value="${typed}"`);
      expect(page).not.toContain("wrong wrong wrong");
      pages.push(page.replaceAll(typed, "").replaceAll(/[0-9a-z]{24}/gu, ""));
    }
    expect(pages[0]).toBe(pages[1]);
  });

  test("takes as long for an address that nobody has as for a wrong password, with hashing as dear as it is", async () => {
    const auth = createAuth({ databaseUrl: service.database.url, baseUrl, secret: "5e".repeat(32), connections: 2 });
    const app = createApp({ ...service.deps, auth });
    const known = "dear@example.org";
    const { id } = await signIn(sql, "board");
    await sql`update auth.staff set email = ${known} where id = ${id}`;
    await sql`
      insert into auth.credential (id, staff_id, provider_id, account_id, password)
      values (${id}, ${id}, 'credential', ${id}, ${await hashPassword(password)})`;
    const quickest = new Map([known, "nobody@example.org"].map((typed) => [typed, Infinity]));
    for (let round = 0; round < 4; round += 1) {
      for (const [typed, taken] of quickest) {
        await sql`delete from auth.throttle`;
        const since = performance.now();
        const answer = await post("/sign-in", { email: typed, password: `wrong number ${round} of many` }, { app });
        expect(answer.status).toBe(422);
        quickest.set(typed, Math.min(taken, performance.now() - since));
      }
    }
    await auth.close();
    const [ours = 0, nobodys = 0] = [...quickest.values()];
    expect(ours / nobodys).toBeGreaterThan(0.6);
    expect(ours / nobodys).toBeLessThan(1.7);
  });
});

describe("where it leads afterwards", () => {
  test.each([
    "https://evil.example",
    "//evil.example",
    "/\\evil.example",
    "\\/evil.example",
    "/\t/evil.example",
    " //evil.example",
    "javascript:alert(1)",
    "/%0d%0aLocation:evil",
    "http:evil.example",
    "/desk\r\nset-cookie: x=1",
    "///evil.example",
    "/.//evil.example",
    "/sign-out",
    "",
    "x",
  ])("is never another site: %j", async (to) => {
    const answer = await post("/sign-in", { email, password, to });
    const location = answer.headers.get("location") ?? "";
    expect(answer.status).toBe(303);
    const landed = new URL(location, "http://127.0.0.1:8787");
    expect(landed.origin).toBe("http://127.0.0.1:8787");
    expect(location).not.toMatch(/[\r\n]|^\/sign-out/u);
    const shown = await (await get(`/sign-in?to=${encodeURIComponent(to)}`)).text();
    expect(shown).not.toMatch(/name="to" value="(?!\/(?![/\\])|")/u);
  });
});

describe("guessing", () => {
  test("is slowed down by account, for an address that nobody has just as for one that is known", async () => {
    for (const typed of [email, "nobody@example.org"]) {
      const statuses: number[] = [];
      const waits: boolean[] = [];
      for (let each = 0; each < 12; each++) {
        const answer = await post("/sign-in", { email: typed, password: "wrong" }, { socket: `10.1.0.${each}` });
        statuses.push(answer.status);
        waits.push(Number(answer.headers.get("retry-after")) > 0 && (await answer.text()).includes("too many tries"));
      }
      expect(waits).toEqual([...Array.from({ length: 10 }, () => false), true, true]);
      expect(statuses).toEqual([...Array.from({ length: 10 }, () => 422), 429, 429]);
    }
    // A pause and no lock: after it one more try is there.
    await sql`update auth.throttle set used_until = used_until - interval '31 seconds'`;
    expect((await post("/sign-in", { email, password })).status).toBe(303);
  });

  test.each([
    ["a header that anybody can make up", "x-forwarded-for", 0],
    ["what stands left of our proxy's own entry", "x-forwarded-for", 1],
    ["a header of another platform", "cf-connecting-ip", 0],
    ["a header of other proxies", "x-real-ip", 0],
  ])("is not made easier by rotating %s", async (_, header, proxies) => {
    const app = createApp({ ...service.deps, proxies });
    const statuses = new Set<number>();
    for (let each = 0; each < 22; each++) {
      const made = `10.9.8.${each}`;
      const headers = { [header]: proxies === 1 ? `${made}, 203.0.113.7` : made };
      const tried = await post(
        "/sign-in",
        { email: `n${each}@example.org`, password: "wrong" },
        { app, headers, socket: "203.0.113.9" },
      );
      if (each >= 20) statuses.add(tried.status);
    }
    expect([...statuses]).toEqual([429]);
  });

  test("counts an IPv6 network of one connection as one address, and leaves other addresses alone", async () => {
    let last = 0;
    for (let each = 0; each < 21; each++) {
      const socket = `2001:db8:1:2:${each.toString(16)}::1`;
      last = (await post("/sign-in", { email: `n${each}@example.org`, password: "wrong" }, { socket })).status;
    }
    expect(last).toBe(429);
    expect((await post("/sign-in", { email, password }, { socket: "2001:db8:1:3::1" })).status).toBe(303);
    expect((await post("/sign-in", { email, password }, { socket: "::ffff:203.0.113.1" })).status).toBe(303);
  });
});

describe("a second factor", () => {
  const real = { mode: "test" } as const;

  test("is asked of admins and treasurers where money is real, and nothing else opens before", async () => {
    const app = createApp({ ...service.deps, ...real });
    for (const role of ["admin", "treasurer"] as const) {
      const { headers } = await signIn(sql, role);
      for (const path of ["/desk", "/board", "/account"])
        expect((await get(path, headers.cookie, app)).headers.get("location")).toBe("/account/second-factor");
      expect((await get("/board/totals.json", headers.cookie, app)).status).toBe(403);
      expect((await post("/desk/dead-letters", { letter: "all" }, { app, cookie: headers.cookie })).status).toBe(403);
      expect((await get("/account/second-factor", headers.cookie, app)).status).toBe(200);
    }
    for (const role of ["reviewer", "board"] as const)
      expect((await get("/board", (await signIn(sql, role)).headers.cookie, app)).status).toBe(200);
  });

  test("is set up by a code, asked for from then on, and replaced by a recovery code once", async () => {
    const app = createApp({ ...service.deps, ...real });
    const first = cookiesOf(await post("/sign-in", { email, password }, { app }));
    expect((await post("/account/second-factor", { password: "wrong" }, { app, cookie: first })).status).toBe(422);
    const begun = await (await post("/account/second-factor", { password }, { app, cookie: first })).text();
    const key = /<code class="secret">(?<key>[A-Z2-7 ]+)</u.exec(begun)?.groups?.["key"]?.replaceAll(" ", "") ?? "";
    const codes = [...begun.matchAll(/<code>([2-9a-z]{5}-[2-9a-z]{5})<\/code>/gu)].map(([, code]) => code ?? "");
    const uri = `otpauth://totp/x?secret=${key}`;
    expect(codes).toHaveLength(10);
    const wrong = await post("/account/second-factor/confirm", { code: "000000" }, { app, cookie: first });
    expect([wrong.status, (await wrong.text()).includes(key)]).toEqual([422, false]);
    const confirmed = await post("/account/second-factor/confirm", { code: codeOf(uri) }, { app, cookie: first });
    expect(confirmed.headers.get("location")).toBe("/account?said=second-factor");
    expect((await get("/desk", cookiesOf(confirmed), app)).status).toBe(200);
    expect((await get("/account", first, app)).status).toBe(303);

    const step = await post("/sign-in", { email, password, to: "/board" }, { app });
    expect(step.headers.get("location")).toBe("/sign-in/code?to=%2Fboard");
    expect((await get("/desk", cookiesOf(step), app)).status).toBe(303);
    expect((await post("/sign-in/code", { code: "000000" }, { app, cookie: cookiesOf(step) })).status).toBe(422);
    const entered = await post("/sign-in/code", { code: codeOf(uri), to: "/board" }, { app, cookie: cookiesOf(step) });
    expect([entered.headers.get("location"), (await get("/desk", cookiesOf(entered), app)).status]).toEqual([
      "/board",
      200,
    ]);
    for (const status of [303, 422]) {
      const again = cookiesOf(await post("/sign-in", { email, password }, { app }));
      expect((await post("/sign-in/code", { code: codes[0] ?? "" }, { app, cookie: again })).status).toBe(status);
    }
    expect((await post("/sign-in/code", { code: codeOf(uri) }, { app })).status).toBe(422);

    const cookie = cookiesOf(entered);
    const off = await post("/account/second-factor/off", { "off-password": password }, { app, cookie });
    expect([off.status, (await off.text()).includes("cannot be turned off")]).toEqual([422, true]);
    const renewed = await (
      await post("/account/second-factor/codes", { "renew-password": password }, { app, cookie })
    ).text();
    expect(renewed).not.toContain(codes[1]);
    // Where nothing is real it may go.
    const gone = await post("/account/second-factor/off", { "off-password": password }, { cookie });
    expect(gone.headers.get("location")).toBe("/account?said=no-second-factor");
  });
});

describe("one's own account", () => {
  test("changes the password only by the present one, and signs out everywhere else", async () => {
    const [here, there] = [
      cookiesOf(await post("/sign-in", { email, password })),
      cookiesOf(await post("/sign-in", { email, password })),
    ];
    const change = async (present: string, next: string): Promise<Response> =>
      await post("/account/password", { present, next }, { cookie: here });
    expect(await (await change(password, "short")).text()).toContain("12 characters or more");
    expect(await (await change(password, "password1234")).text()).toContain("tried first");
    expect(await (await change(password, email)).text()).toContain("tried first");
    expect((await change("wrong", "another twelve letters")).status).toBe(422);
    const changed = await change(password, "another twelve letters");
    expect(changed.headers.get("location")).toBe("/account?said=password");
    expect((await get("/account", there)).status).toBe(303);
    const cookie = cookiesOf(changed);
    expect(await (await get("/account?said=password", cookie)).text()).toContain("signed out everywhere else");
    const back = { present: "another twelve letters", next: password };
    expect((await post("/account/password", back, { cookie })).status).toBe(303);
  });

  test("lists one's sessions and ends one, all others, or all; never somebody else's", async () => {
    const person = await signIn(sql, "reviewer");
    const stranger = await signIn(sql, "reviewer");
    const [second, third] = [await sessionOf(sql, person.id), await sessionOf(sql, person.id)];
    const page = await (await get("/account", person.headers.cookie)).text();
    expect(page.match(/name="session" value="[0-9a-f]{32}"/gu)).toHaveLength(3);
    const idOf = async (staffId: string): Promise<string> =>
      (
        await sql<{ id: string }[]>`select id from auth.session where staff_id = ${staffId} order by created_at limit 1`
      )[0]?.id ?? "";
    const end = async (session: string, cookie: string): Promise<Response> =>
      await post("/account/sessions", { session }, { cookie });
    await end(await idOf(stranger.id), person.headers.cookie);
    expect((await get("/desk", stranger.headers.cookie)).status).toBe(200);
    await end(await idOf(person.id), second.headers.cookie);
    expect((await get("/desk", person.headers.cookie)).status).toBe(303);
    await end("others", second.headers.cookie);
    expect((await get("/desk", third.headers.cookie)).status).toBe(303);
    expect((await end("all", second.headers.cookie)).headers.get("location")).toBe("/sign-in?said=ended");
    expect((await get("/desk", second.headers.cookie)).status).toBe(303);
  });

  test("a session ends after half an hour of silence for who may keep money, and for all after twelve hours", async () => {
    for (const [role, quiet, status] of [
      ["treasurer", "31 minutes", 303],
      ["treasurer", "29 minutes", 200],
      ["board", "11 hours", 200],
    ] as const) {
      const { id, headers } = await signIn(sql, role);
      await sql`update auth.session set seen_at = now() - ${quiet}::interval where staff_id = ${id}`;
      expect((await get("/board", headers.cookie)).status, `${role} ${quiet}`).toBe(status);
    }
    const { id, headers } = await signIn(sql, "board");
    await sql`update auth.session set expires_at = now() where staff_id = ${id}`;
    expect((await get("/board", headers.cookie)).status).toBe(303);
  });
});

describe("another site", () => {
  test.each([
    ["a form", "application/x-www-form-urlencoded", { origin: "https://evil.example", "sec-fetch-site": "cross-site" }],
    ["JSON", "application/json", { origin: "https://evil.example", "sec-fetch-site": "cross-site" }],
    ["plain text", "text/plain", { origin: "null", "sec-fetch-site": "cross-site" }],
    [
      "a sister site",
      "application/x-www-form-urlencoded",
      { origin: "https://x.example.org", "sec-fetch-site": "same-site" },
    ],
  ])("cannot have a signed-in browser send %s", async (_, type, from) => {
    const cookie = service.admin.headers.cookie;
    for (const path of [
      "/desk/staff",
      "/desk/dead-letters",
      "/account/password",
      "/account/sessions",
      "/sign-in",
      "/sign-out",
    ]) {
      const body = type === "application/json" ? "{}" : "letter=all&session=all";
      const headers = { cookie, "content-type": type, ...from };
      const answer = await service.app.request(path, { method: "POST", body, headers });
      expect(answer.status, path).toBe(403);
    }
    expect((await get("/desk", cookie)).status).toBe(200);
  });

  test("and a form of another kind is not read", async () => {
    const headers = { ...service.admin.headers, "content-type": "application/json", origin: "http://127.0.0.1:8787" };
    const answer = await service.app.request("/desk/staff", { method: "POST", body: "{}", headers });
    expect(answer.status).toBe(415);
  });
});

test("neither passwords nor tokens nor cookies stand in a log, on a page or in a failure", async () => {
  const canary = "canary-7f3a";
  await post("/sign-in", { email: `${canary}@example.org`, password: canary });
  await get(`/join/${canary}${"x".repeat(32)}`);
  const gone = openSql("postgres://nobody@127.0.0.1:1/nothing", { connectTimeoutSeconds: 1 });
  const app = createApp({ ...service.deps, sql: gone });
  const answers = [
    await post("/sign-in", { email, password: canary }, { app }),
    await get("/desk", service.admin.headers.cookie, app),
    await get(`/join/${canary}${"x".repeat(32)}`, "", app),
  ];
  expect(answers.map(({ status }) => status)).toEqual([503, 503, 503]);
  const pages = await Promise.all(answers.map(async (answer) => await answer.text()));
  await gone.end();
  const said = `${pages.join("\n")}${JSON.stringify(service.logged)}`;
  for (const secret of [canary, password, email, service.admin.headers.cookie.slice(10)])
    expect(said).not.toContain(secret);
  const kept = await owner<{ kept: string }[]>`
    select coalesce(string_agg(t::text, ' '), '') as kept from (
      select s::text from auth.staff s union all select c::text from auth.credential c
      union all select l::text from auth.link l union all select h::text from auth.throttle h
    ) as t`;
  expect(kept[0]?.kept).not.toContain(password);
  expect(kept[0]?.kept).not.toContain(canary);
});
