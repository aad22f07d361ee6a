import { afterAll, beforeAll, expect, test } from "vitest";
import { recordCash } from "../../src/db/cash.ts";
import { signIn, type SignedIn } from "../staff.ts";
import { baseUrl, form, openService, type Service } from "./house.ts";

let service: Service;
let treasurer: SignedIn;
let board: SignedIn;
beforeAll(async () => {
  service = await openService();
  const { sql } = service.deps;
  treasurer = await signIn(sql, "treasurer", { name: "Tess Treasurer" });
  board = await signIn(sql, "board");
  const given = await service.app.request(
    `${baseUrl}/funds/families/give`,
    form({ amount: "2500", email: "nigar@example.org", show: "nothing" }, { origin: baseUrl }),
  );
  const session = /\/pay\/(?<id>cs_\w+)/u.exec(given.headers.get("location") ?? "")?.groups?.["id"] ?? "";
  await service.sandbox.pay("main", session, { email: "nigar@example.org", name: "Nigar", card: "domestic" });
  await recordCash(sql, {
    request: "cash",
    fund: "families",
    day: "2021-03-04",
    organisation: "house",
    amountMinor: 777n,
    currency: null,
    note: null,
    email: "secret@example.org",
    person: null,
    name: "Secret Giver",
  });
  await service.daysLater(1);
});
afterAll(async () => await service.close());

const get = async (path: string, who: SignedIn): Promise<string> =>
  await (await service.app.request(`${baseUrl}${path}`, { headers: who.headers })).text();
const post = async (path: string, fields: Record<string, string>, who: SignedIn) => {
  const answer = await service.app.request(`${baseUrl}${path}`, form(fields, who.headers));
  return { status: answer.status, to: answer.headers.get("location"), text: await answer.text() };
};

test("a treasurer draws gifts and ticks them, the board sees it, and nobody sees who gave", async () => {
  expect(await get("/board/spot-checks", treasurer)).toContain("Draw ten gifts");
  const sent = { organisation: "house", request: "one", from: "", to: "" };
  const drawn = await post("/board/spot-checks", sent, treasurer);
  expect(drawn).toMatchObject({ status: 303, to: "/board/spot-checks/1?done=drawn" });
  expect((await post("/board/spot-checks", sent, treasurer)).to).toBe(drawn.to);

  const page = await get("/board/spot-checks/1", treasurer);
  const [ids] = await service.deps.sql<{ charge: string; transaction: string }[]>`
    select id as charge, balance_transaction as transaction from stripe_charge where status = 'succeeded'`;
  for (const text of [
    "$7.77",
    "$25.00",
    ids?.charge ?? "no charge",
    ids?.transaction ?? "no transaction",
    "not matched yet",
  ])
    expect(page).toContain(text);
  expect(page).toContain("all 2 gifts of all time");
  expect(page).not.toMatch(/secret/iu);

  expect(
    await post("/board/spot-checks/1/ticks", { place: "1", outcome: "found", request: "t1" }, treasurer),
  ).toMatchObject({
    status: 303,
    to: "/board/spot-checks/1?done=ticked#gift-1",
  });
  const remark = "One <b>dollar</b> less";
  await post("/board/spot-checks/1/ticks", { place: "2", outcome: "differs", remark, request: "t2" }, treasurer);
  const seen = await get("/board/spot-checks/1", board);
  expect(seen).toContain("1 found, 1 differs");
  expect(seen).toContain("One &lt;b&gt;dollar&lt;/b&gt; less");
  expect(seen).toContain("Differs: Tess Treasurer");
  expect(seen).not.toContain("/desk/");
  expect(seen).not.toContain('<form method="post" action="/board');
  expect(await get("/board/spot-checks", board)).not.toContain("Draw ten gifts</button>");
});

test.each([
  [{ from: "2021-02-30" }, "“2021-02-30” is not a day."],
  [{ from: "2021-03-05", to: "2021-03-04" }, "ends (2021-03-04) before it starts"],
  [{ from: "2001-01-01", to: "2001-12-31" }, "Nothing was drawn: there is no gift in these days."],
])("drawing from %o is refused in words, and what was typed stays", async (typed, words) => {
  const { status, text } = await post("/board/spot-checks", { organisation: "house", ...typed }, treasurer);
  expect([status, text.includes(words), text.includes(`value="${typed.from}"`)]).toEqual([422, true, true]);
});

test.each([
  [{ place: "1", outcome: "differs" }, "Nothing was ticked: say what differs."],
  [{ place: "1", outcome: "perhaps" }, "Nothing was ticked: choose whether it was found or differs."],
  [{ place: "9", outcome: "found" }, "Nothing was ticked: there is no such gift in this check."],
  [{ place: "1", outcome: "found", remark: "x".repeat(501) }, "Nothing was ticked: a remark has at most 500 letters."],
])("the tick %o is refused in words", async (fields, words) => {
  const { status, text } = await post("/board/spot-checks/1/ticks", fields, treasurer);
  expect([status, text.includes(words)]).toEqual([422, true]);
});

test("an organisation and a check that are not theirs are not found", async () => {
  expect((await post("/board/spot-checks", { organisation: "nobody" }, treasurer)).status).toBe(404);
  expect((await post("/board/spot-checks/99/ticks", { place: "1", outcome: "found" }, treasurer)).status).toBe(404);
  const answer = await service.app.request(`${baseUrl}/board/spot-checks/99`, { headers: board.headers });
  expect(answer.status).toBe(404);
});
