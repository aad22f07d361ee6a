import { describe, expect, test } from "vitest";
import { refusePassword } from "../../src/core/password.ts";
import { cleanName, readEmail, readRole, safePath, wherePlace } from "../../src/core/staff.ts";

describe("a password", () => {
  test.each([
    ["eleven char", "too short"],
    ["x".repeat(129), "too long"],
    ["Password1234", "too common"],
    ["QWERTYUIOP12", "too common"],
    ["aaaaaaaaaaaaaa", "too common"],
    ["ababababababab", "too common"],
    ["password 1234 ", "too common"],
    ["ada@example.org", "too common"],
    ["ada.admin.jones", "too common"],
    ["four words that fit", null],
    ["ünïcödé is welcome", null],
    ["😀".repeat(3) + "nine more", null],
  ])("%j: %s", (typed, refusal) => {
    expect(refusePassword(typed, ["ada@example.org", "ada.admin.jones@example.org"])).toBe(refusal);
  });
});

describe("where signing in leads", () => {
  test.each(["/desk", "/board?from=2020-01-01&to=2020-12-31", "/funds/families#give", "/desk/%2F"])(
    "%s is ours",
    (to) => {
      expect(safePath(to)).toBe(to);
    },
  );
  test.each([
    undefined,
    "",
    "desk",
    "//evil",
    "/\\evil",
    "/a\\b",
    "/\tx",
    "/ x",
    "/é",
    "https://evil",
    "/sign-in",
    "/sign-out?x",
    `/${"x".repeat(1000)}`,
  ])("%j is not", (to) => {
    expect(safePath(to)).toBe("/desk");
  });
});

test("a name is one line without what hides or turns text", () => {
  expect(cleanName(" A\u202Eda\n\u0000Admin ")).toBe("A da Admin");
  expect(Array.from(cleanName("x".repeat(200)))).toHaveLength(100);
});

test("an address is compared in one spelling", () => {
  expect(readEmail(" Ada@Example.ORG ")).toBe("ada@example.org");
  for (const wrong of ["", "ada", "ada@", "@example.org", "a b@example.org", `${"x".repeat(250)}@example.org`])
    expect(readEmail(wrong)).toBeNull();
});

describe("a role", () => {
  const places = [{ id: 1n, name: "One", funds: [{ id: 7n, name: "Seven" }] }];
  test.each([
    ["admin", "all", { role: "admin", organisationId: null, fundId: null }],
    ["board", "o:1", { role: "board", organisationId: 1n, fundId: null }],
    ["treasurer", "f:1:7", { role: "treasurer", organisationId: 1n, fundId: 7n }],
  ])("%s at %s", (role, where, value) => {
    const read = readRole({ role, where }, places);
    expect(read).toEqual({ ok: true, value });
    expect(read.ok && wherePlace(read.value)).toBe(where);
  });
  test.each([
    ["admin", "f:1:7", "where"],
    ["owner", "all", "role"],
    ["board", "o:2", "where"],
    ["board", "f:1:8", "where"],
    ["board", "f:1", "where"],
    ["board", "", "where"],
  ])("%s at %j is refused by its field", (role, where, field) => {
    expect(readRole({ role, where }, places)).toMatchObject({ ok: false, refusals: [{ field }] });
  });
});
