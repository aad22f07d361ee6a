import { afterAll, beforeAll, expect, test } from "vitest";
import { signIn, type SignedIn } from "../staff.ts";
import { openHouse, type House } from "./house.ts";
import { sweep } from "./sweeper.ts";

const baseUrl = "http://localhost:8787";

let house: House;
let treasurer: SignedIn;
let reviewer: SignedIn;
let elsewhere: SignedIn;
beforeAll(async () => {
  house = await openHouse();
  const idOf = async (slug: string): Promise<bigint> => {
    const [row] = await house.sql<{ id: bigint }[]>`select id from organisation where slug = ${slug}`;
    return row?.id ?? 0n;
  };
  const organisationId = await idOf("first");
  treasurer = await signIn(house.sql, [{ role: "treasurer", organisationId }]);
  reviewer = await signIn(house.sql, [{ role: "reviewer", organisationId }]);
  elsewhere = await signIn(house.sql, [{ role: "treasurer", organisationId: await idOf("second") }]);
});
afterAll(async () => await house.close());

const page = async (who: SignedIn = treasurer, path = "/desk/books?organisation=first"): Promise<string> =>
  await (await house.app.request(`${baseUrl}${path}`, { headers: who.headers })).text();
const ask = async (who: SignedIn, organisation = "first"): Promise<Response> =>
  await house.app.request(`${baseUrl}/desk/books/compare`, {
    method: "POST",
    body: new URLSearchParams({ organisation }),
    headers: { origin: baseUrl, ...who.headers },
  });
/** The row of an account, without its marks. */
const row = (text: string, account: string): string =>
  (new RegExp(`<tr><th scope="row">${account}</th>.*?</tr>`, "u").exec(text)?.[0] ?? "").replaceAll(/<[^>]+>/gu, " ");

test("an account that was never compared says so", async () => {
  expect(row(await page(), "first")).toMatch(/^\s*first\s+never\s+last begun: never\s+not finished yet\s*$/u);
});

test("a treasurer has their organisation's accounts compared now, and what nobody told is found and booked", async () => {
  expect(await sweep(house)).toHaveLength(2);
  expect(await sweep(house, { which: "due" })).toEqual([]);
  await house.payFor("/funds/families/give", { email: "nigar@example.org", show: "nothing", amount: "5000" });
  await house.settle();
  house.mail.splice(0);

  const answer = await ask(treasurer);
  expect([answer.status, answer.headers.get("location")]).toEqual([
    303,
    "/desk/books?organisation=first&done=asked#compared",
  ]);
  expect(await page(treasurer, answer.headers.get("location") ?? "")).toContain("Stripe is being asked");
  const reports = await sweep(house, { which: "due" });
  expect(reports).toMatchObject([{ accountId: 1n, differences: 0, error: null }]);
  expect(reports[0]?.found).toBeGreaterThan(0);
  expect((await house.fund("families")).givenMinor).toBe(5_000);
  expect(row(await page(), "first")).toMatch(/\d{4}, \d\d:\d\d\s+last begun: .*\d{4}, \d\d:\d\d\s+agrees\s*$/u);
});

test.each([
  ["differences", 3, "3 objects differ"],
  ["differences", 1, "1 object differs"],
  ["StripeAuthenticationError", 0, "Stripe does not take our key"],
  ["StripeConnectionError", 0, "Stripe cannot be reached"],
  ["parameter_unknown", 0, "Stripe refused with parameter_unknown"],
])("a comparison that ended with %s (%i) says so in words", async (error, differences, says) => {
  await house.sql`update sweep_state set last_error = ${error}, differences = ${differences} where account_id = 1`;
  const text = row(await page(), "first");
  expect(text).toContain(says);
  expect(text).not.toContain("agrees");
  await house.sql`update sweep_state set last_error = null, differences = 0 where account_id = 1`;
});

test("a reviewer sees how far it is and has no button; another organisation's treasurer has nothing compared here", async () => {
  expect(await page()).toContain("Compare with Stripe now");
  const text = await page(reviewer);
  expect(row(text, "first")).toContain("agrees");
  expect(text).not.toContain("Compare with Stripe now");
  expect(row(text, "second")).toBe("");
  expect([(await ask(reviewer)).status, (await ask(elsewhere)).status]).toEqual([403, 404]);
  expect(await sweep(house, { which: "due" })).toEqual([]);
});

test("the audit finds nothing after all that", async () => {
  expect([...(await house.sql`select * from audit()`)]).toEqual([]);
});
