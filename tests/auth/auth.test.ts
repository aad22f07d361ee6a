import { afterAll, beforeAll, describe, expect, test } from "vitest";
import type { Auth } from "../../src/auth/auth.ts";
import { hashPassword, isPassword } from "../../src/auth/password.ts";
import { makeFirstAdmin, useSession } from "../../src/db/staff.ts";
import { makeLink, readLink } from "../../src/db/link.ts";
import { codeOf } from "../authenticator.ts";
import { openTestDatabase, type TestDatabase } from "../database.ts";
import { testAuth } from "../staff.ts";

let database: TestDatabase;
let auth: Auth;
const password = "seven wet umbrellas";
const email = "ada@example.org";

beforeAll(async () => {
  database = await openTestDatabase();
  auth = testAuth(database.url, "http://127.0.0.1:8787");
  const link = await makeLink(database.sql, { id: "start", name: "start" }, { kind: "set up" });
  const open = await readLink(database.sql, "set up", link.ok ? link.value : "");
  const made = await makeFirstAdmin(database.sql, {
    hash: open?.hash ?? "",
    name: "Ada",
    email,
    password: await auth.hashPassword(password),
  });
  if (!made.ok) throw new Error(made.refusal);
});
afterAll(async () => {
  await auth.close();
  await database.close();
});

const headers = (cookies: readonly string[] = []): Headers =>
  new Headers({ cookie: cookies.map((cookie) => cookie.split(";")[0]).join("; ") });

const tokenOf = (cookies: readonly string[]): string =>
  decodeURIComponent(
    /^almonry=([^;]+)/u.exec(cookies.find((each) => each.startsWith("almonry=")) ?? "")?.[1] ?? "",
  ).split(".")[0] ?? "";

describe("a password", () => {
  test("is kept with a salt of its own, and only the same one opens", async () => {
    const [one, two] = await Promise.all([hashPassword(password), hashPassword(password)]);
    expect(one).not.toBe(two);
    expect(one).not.toContain(password);
    expect(await isPassword({ hash: one, password })).toBe(true);
    expect(await isPassword({ hash: one, password: `${password} ` })).toBe(false);
    expect(await isPassword({ hash: "", password })).toBe(false);
  });
});

describe("signing in", () => {
  test("opens a session by the right password, and its cookie is for this site and no script", async () => {
    const answer = await auth.signIn(headers(), { email, password });
    if (answer.outcome !== "signed in") throw new Error(answer.outcome);
    expect(answer.cookies).toHaveLength(1);
    expect(answer.cookies[0]).toMatch(/^almonry=[^;]+; Max-Age=43200; Path=\/; HttpOnly; SameSite=Lax$/u);
    const who = await useSession(database.sql, tokenOf(answer.cookies));
    expect(who?.staff).toMatchObject({ name: "Ada", memberships: [{ role: "admin", organisationId: null }] });
  });

  test("is bound to https by its name where the service is reached by https", async () => {
    const secure = testAuth(database.url, "https://give.example.org");
    const answer = await secure.signIn(headers(), { email, password });
    await secure.close();
    expect(answer.outcome === "signed in" && answer.cookies[0]).toMatch(
      /^__Host-almonry=[^;]+; Max-Age=43200; Path=\/; HttpOnly; Secure; SameSite=Lax$/u,
    );
  });

  test.each([
    [email, "seven wet umbrella"],
    ["bob@example.org", password],
    ["", ""],
    ["not an address", password],
    [email, "x".repeat(10_000)],
  ])("is refused for %s", async (typed, tried) => {
    expect(await auth.signIn(headers(), { email: typed, password: tried })).toEqual({ outcome: "refused" });
  });

  test("asks for a code once there is a second factor; a wrong code opens nothing, a recovery code opens once", async () => {
    const first = await auth.signIn(headers(), { email, password });
    if (first.outcome !== "signed in") throw new Error(first.outcome);
    expect(await auth.beginSecondFactor(headers(first.cookies), "wrong")).toBeNull();
    const begun = await auth.beginSecondFactor(headers(first.cookies), password);
    if (begun === null) throw new Error("refused");
    expect(begun.recoveryCodes).toHaveLength(10);
    expect((await auth.checkCode(headers(first.cookies), "000000")).outcome).toBe("wrong");
    const confirmed = await auth.checkCode(headers(first.cookies), codeOf(begun.uri));
    if (confirmed.outcome !== "right") throw new Error(confirmed.outcome);
    expect(await useSession(database.sql, tokenOf(first.cookies))).toBeNull();
    expect((await useSession(database.sql, tokenOf(confirmed.cookies)))?.hasSecondFactor).toBe(true);

    const again = await auth.signIn(headers(), { email, password });
    if (again.outcome !== "code needed") throw new Error(again.outcome);
    expect(tokenOf(again.cookies.filter((cookie) => !cookie.startsWith("almonry=;")))).toBe("");
    expect((await auth.checkCode(headers(again.cookies), "123456")).outcome).toBe("wrong");
    const entered = await auth.checkCode(headers(again.cookies), codeOf(begun.uri));
    if (entered.outcome !== "right") throw new Error(entered.outcome);
    expect((await useSession(database.sql, tokenOf(entered.cookies)))?.staff.name).toBe("Ada");
    // The step before it is used up with it.
    expect((await auth.checkCode(headers(again.cookies), codeOf(begun.uri))).outcome).toBe("too late");

    const code = begun.recoveryCodes[0] ?? "";
    for (const expected of ["right", "wrong"]) {
      const step = await auth.signIn(headers(), { email, password });
      if (step.outcome !== "code needed") throw new Error(step.outcome);
      expect((await auth.checkRecoveryCode(headers(step.cookies), code)).outcome).toBe(expected);
    }
    const renewed = await auth.renewRecoveryCodes(headers(entered.cookies), password);
    expect(renewed?.includes(begun.recoveryCodes[1] ?? "")).toBe(false);
    expect(await auth.endSecondFactor(headers(entered.cookies), "wrong")).toBeNull();
    expect(await auth.endSecondFactor(headers(entered.cookies), password)).not.toBeNull();
  });

  test("neither secret nor recovery codes can be read in the database", async () => {
    const signed = await auth.signIn(headers(), { email, password });
    if (signed.outcome !== "signed in") throw new Error(signed.outcome);
    const begun = await auth.beginSecondFactor(headers(signed.cookies), password);
    const kept = JSON.stringify(await database.sql`select secret, backup_codes from auth.two_factor`);
    expect(kept).not.toContain(begun?.recoveryCodes[0]);
    expect(kept).toContain("backup_codes");
  });
});

test("a new password ends every other session", async () => {
  const [one, two] = await Promise.all([
    auth.signIn(headers(), { email, password }),
    auth.signIn(headers(), { email, password }),
  ]);
  if (one.outcome !== "signed in" || two.outcome !== "signed in") throw new Error("refused");
  const next = "nine dry umbrellas";
  expect(await auth.changePassword(headers(one.cookies), { present: "wrong", next })).toBeNull();
  const cookies = await auth.changePassword(headers(one.cookies), { present: password, next });
  expect(await useSession(database.sql, tokenOf(two.cookies))).toBeNull();
  expect((await useSession(database.sql, tokenOf(cookies ?? [])))?.staff.name).toBe("Ada");
  expect((await auth.signIn(headers(), { email, password })).outcome).toBe("refused");
});
