import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { readGiftFilter, readSearch } from "../../src/core/gift-list.ts";
import { listGiftLines, type Places } from "../../src/db/gift-list.ts";
import { sumGiftLines } from "../../src/db/gift-sum.ts";
import { recordCash } from "../../src/db/cash.ts";
import { findPayment } from "../../src/db/payment.ts";
import { openHouse, type House } from "./house.ts";

let house: House;
beforeAll(async () => {
  house = await openHouse();
  const { setClock, payFor, receive, settle, refund, sql } = house;
  const give = async (
    day: string,
    fund: string,
    amount: string,
    who: { email: string; name: string },
  ): Promise<string> => {
    setClock(`${day}T15:00:00Z`);
    const session = await payFor(`/funds/${fund}/give`, { amount: "other", other: amount, show: "nothing", ...who });
    await settle();
    await receive();
    return session;
  };
  const leyla = { email: "leyla@example.org", name: "Leyla Mammadova" };
  await give("2021-01-10", "families", "50", leyla);
  const returned = await give("2021-02-10", "youth", "80", { email: "samir@example.org", name: "Samir Əliyev" });
  const partly = await give("2021-03-10", "general", "25.50", { email: "nigar@example.org", name: '=HYPERLINK("x")' });
  setClock("2021-03-12T15:00:00Z");
  await refund("second", returned);
  await refund("first", partly, 550);
  await settle();
  await receive();
  const cash = { organisation: "first", currency: "CAD", email: null, person: null, note: null };
  await recordCash(sql, {
    ...cash,
    request: "c1",
    fund: "families",
    amountMinor: 2_000n,
    day: "2021-03-20",
    name: "Leyla Aliyeva",
  });
  await recordCash(sql, { ...cash, request: "c2", fund: "quiet", amountMinor: 5_000n, day: "2021-03-21", name: null });
});
afterAll(async () => await house.close());

const get = async (path: string): Promise<Response> =>
  await house.app.request(`http://localhost:8787${path}`, { headers: house.admin.headers });
const post = async (path: string, fields: Record<string, string>): Promise<Response> =>
  await house.app.request(`http://localhost:8787${path}`, {
    method: "POST",
    body: new URLSearchParams(fields),
    headers: { origin: "http://localhost:8787", ...house.admin.headers },
  });

const all = "all" as Places;
const question = (query: Record<string, string> = {}, typed = "", places = all) => ({
  filter: readGiftFilter(query).filter,
  search: readSearch(typed, "CAD"),
  places,
});
/** Amounts of what is found, newest first. */
const found = async (query: Record<string, string> = {}, typed = "", places = all): Promise<number[]> => {
  const lines = await listGiftLines(house.sql, question(query, typed, places), { before: null, limit: 50 });
  return lines.map(({ amountMinor }) => Number(amountMinor));
};
const idOf = async (table: "organisation" | "fund", slug: string): Promise<bigint> => {
  const [row] = await house.sql<{ id: bigint }[]>`select id from ${house.sql(table)} where slug = ${slug}`;
  return row?.id ?? 0n;
};

describe("the list of gifts", () => {
  test("has every gift, the newest first, with who gave it and what went back", async () => {
    const lines = await listGiftLines(house.sql, question(), { before: null, limit: 50 });
    expect(
      lines.map(({ occurredOn, name, email, fund, source, amountMinor, returnedMinor }) => [
        occurredOn,
        name,
        email,
        fund,
        source,
        Number(amountMinor),
        Number(returnedMinor),
      ]),
    ).toEqual([
      ["2021-03-21", null, null, "Quiet fund", "cash", 5000, 0],
      ["2021-03-20", "Leyla Aliyeva", null, "Families fund", "cash", 2000, 0],
      ["2021-03-10", '=HYPERLINK("x")', "nigar@example.org", "General fund", "stripe", 2550, 550],
      ["2021-02-10", "Samir Əliyev", "samir@example.org", "Youth fund", "stripe", 8000, 8000],
      ["2021-01-10", "Leyla Mammadova", "leyla@example.org", "Families fund", "stripe", 5000, 0],
    ]);
  });

  test.each([
    [{ fund: "families" }, [2000, 5000]],
    [{ fund: "-" }, []],
    [{ fund: "no-such-fund" }, []],
    [{ organisation: "second" }, [8000]],
    [{ source: "cash" }, [5000, 2000]],
    [{ source: "stripe", fund: "families" }, [5000]],
    [{ returned: "any" }, [2550, 8000]],
    [{ returned: "wholly" }, [8000]],
    [{ returned: "none" }, [5000, 2000, 5000]],
    [{ from: "2021-02-10", to: "2021-03-10" }, [2550, 8000]],
    [{ state: "awaiting" }, []],
    [{ state: "failed" }, []],
    [{ campaign: "shop" }, []],
    [{ source: "x", returned: "y", state: "z" }, [5000, 2000, 2550, 8000, 5000]],
  ] as [Record<string, string>, number[]][])("narrowed down to %o", async (query, amounts) => {
    expect(await found(query)).toEqual(amounts);
  });

  test.each([
    ["Leyla", [2000, 5000]],
    ["mammad ley", [5000]],
    ["əliyev", [8000]],
    ["ALIYEV", [2000]],
    ["eliyev", [8000]],
    ["leyla@", [5000]],
    ["LEYLA@Example.org", [5000]],
    ["nobody@example.org", []],
    ["50", [5000, 5000]],
    ["$25.50", [2550]],
    ["1,000", []],
    ["cash_1", [2000]],
    ["'; drop table gift; --", []],
    ["%", []],
    ["& | ! :*", []],
  ])("finds %j", async (typed, amounts) => {
    expect(await found({}, typed)).toEqual(amounts);
  });

  test("finds a payment by any id: Stripe's of payment, charge, refund and session, ours of order and number", async () => {
    const { sql } = house;
    const [ids] = await sql<Record<string, string>[]>`
      select c.id as charge, c.payment_intent as payment, s.id as session, p.order_id as order, '#' || p.id as number, r.id as refund
      from stripe_charge c join payment p on p.key = c.payment_intent join stripe_checkout_session s on s.payment_intent = p.key
      join stripe_refund r on r.payment_intent = p.key or r.charge = c.id
      where c.amount_minor = 2550`;
    for (const id of Object.values(ids ?? {})) expect([id, await found({}, id)]).toEqual([id, [2550]]);
    expect(Object.keys(ids ?? {})).toHaveLength(6);
  });

  test("adds up all that is found, and not only what a page shows", async () => {
    const sums = async (query: Record<string, string>, typed = "") =>
      (await sumGiftLines(house.sql, question(query, typed)))?.byCurrency;
    expect(await sums({})).toEqual([
      { currency: "CAD", lines: 5, awaiting: 0, givenMinor: 22_550n, returnedMinor: 8_550n },
    ]);
    expect(await sums({ returned: "wholly" })).toMatchObject([{ givenMinor: 8_000n, returnedMinor: 8_000n }]);
    expect(await sums({}, "leyla")).toMatchObject([{ lines: 2, givenMinor: 7_000n }]);
    expect(await sums({ fund: "-" })).toEqual([]);
  });

  test("goes on page by page, with no line twice and none left out", async () => {
    const amounts: number[] = [];
    let before = null;
    for (let page = 0; page < 4; page += 1) {
      const lines = await listGiftLines(house.sql, question(), { before, limit: 2 });
      amounts.push(...lines.map(({ amountMinor }) => Number(amountMinor)));
      const last = lines.at(-1);
      if (last === undefined) break;
      before = { day: last.countedOn, paymentId: last.paymentId, part: last.part };
    }
    expect(amounts).toEqual(await found());
  });
});

describe("staff of one organisation or one fund", () => {
  const places = async (organisation: string, fund: string | null = null): Promise<Places> => [
    {
      organisationId: await idOf("organisation", organisation),
      fundId: fund === null ? null : await idOf("fund", fund),
    },
  ];

  test("see their rows alone, also of a joint fund, in lists, sums and searches", async () => {
    expect(await found({}, "", await places("second"))).toEqual([8000]);
    expect(await found({}, "leyla", await places("second"))).toEqual([]);
    expect(await found({ fund: "families" }, "", await places("second"))).toEqual([]);
    expect(await found({}, "", await places("first", "families"))).toEqual([2000, 5000]);
    const mine = { ...question(), places: await places("second") };
    expect((await sumGiftLines(house.sql, mine))?.byCurrency).toMatchObject([{ lines: 1, givenMinor: 8_000n }]);
    expect(await found({}, "", [])).toEqual([]);
  });

  test("open their payments alone", async () => {
    const [payment] = await house.sql<{ id: bigint }[]>`select payment_id as id from gift where amount_minor = 8000`;
    const id = payment?.id ?? 0n;
    expect(await findPayment(house.sql, id, await places("first"))).toBe(null);
    expect(await findPayment(house.sql, id, await places("second"))).toMatchObject({
      id,
      parts: [{ returnedMinor: 8_000n }],
    });
    expect(await findPayment(house.sql, 999n, all)).toBe(null);
  });
});

describe("the page", () => {
  test("keeps filters in its address, and what is looked for out of it", async () => {
    const narrow = await post("/desk/gifts", { q: " ", fund: "families", state: "", from: "2021-01-01", to: "" });
    expect([narrow.status, narrow.headers.get("location")]).toEqual([303, "/desk/gifts?fund=families&from=2021-01-01"]);
    const search = await post("/desk/gifts", { q: "leyla@example.org", fund: "families" });
    const page = await search.text();
    expect([search.status, search.headers.get("cache-control")]).toEqual([200, "no-store"]);
    expect(page).toContain("1 gift");
    expect([...page.matchAll(/(?:href|action)="([^"]*)"/gu)].map(([, address]) => address).join(" ")).not.toContain(
      "leyla",
    );
    expect(await (await get("/desk/gifts?q=leyla@example.org")).text()).toContain("5 gifts");
  });

  test("escapes what strangers wrote, and names what was typed back as it was", async () => {
    const page = await (await post("/desk/gifts", { q: '"><script>alert(1)</script>' })).text();
    expect(page).not.toContain("<script>alert");
    expect(page).toContain("No gift is like this.");
  });

  test("refuses a period that is none beside its fields, and shows every gift meanwhile", async () => {
    const answer = await get("/desk/gifts?from=2021-02-30");
    expect(answer.status).toBe(400);
    expect(await answer.text()).toContain("is not a day");
    expect((await get("/desk/gifts.csv?from=2021-02-30")).status).toBe(400);
  });

  test.each(["x", "2021-03-10", "2021-03-10.x.y", "2021-03-10.1.' or 1=1", "9999-99-99.1.whole"])(
    "takes a place that is none for the beginning: %s",
    async (before) => {
      expect((await get(`/desk/gifts?before=${encodeURIComponent(before)}`)).status).toBe(200);
    },
  );

  test("opens each row: its parts, what went back, when and why", async () => {
    const [payment] = await house.sql<{ id: bigint }[]>`select payment_id as id from gift where amount_minor = 2550`;
    const page = await (await get(`/desk/gifts/${payment?.id}`)).text();
    for (const words of [
      "$25.50 on 10 March 2021",
      "General fund",
      "Refund",
      "12 March 2021",
      "−$5.50",
      "$20.00",
      "nigar@example.org",
    ])
      expect(page).toContain(words);
    expect((await get("/desk/gifts/999999")).status).toBe(404);
    expect((await get("/desk/gifts/x")).status).toBe(404);
  });

  test("opens a payment of several parts, whose sums close", async () => {
    const { setClock, payFor, settle, receive, sql } = house;
    setClock("2021-04-01T15:00:00Z");
    const person = { email: "leyla@example.org", name: "Leyla Mammadova", show: "nothing" };
    await payFor("/campaigns/shop/order", { ...person, "q.pin.only": "2", gift: "5000" });
    await settle();
    await receive();
    const [sale] = await sql<{ id: bigint }[]>`select payment_id as id from sale order by payment_id desc limit 1`;
    const payment = await findPayment(sql, sale?.id ?? 0n, all);
    expect(payment?.parts.map(({ kind, amountMinor }) => [kind, Number(amountMinor)])).toEqual([
      ["gift", 5000],
      ["sale", 1000],
      ["shipping", 700],
    ]);
    expect(payment?.amountMinor).toBe(6_700n);
    const page = await (await get(`/desk/gifts/${payment?.id}`)).text();
    expect(page).toContain("Pin × 2");
    expect(page).toMatch(/All parts.*\$67\.00/u);
  });
});

describe("the file", () => {
  const rows = async (answer: Response): Promise<string[]> =>
    new TextDecoder("utf-8", { ignoreBOM: true })
      .decode(await answer.arrayBuffer())
      .trimEnd()
      .split("\r\n");

  test("has every line that is found, amounts as plain numbers, UTF-8 that spreadsheets know by its mark", async () => {
    const answer = await get("/desk/gifts.csv?from=2021-01-01&to=2021-03-31");
    expect([answer.status, answer.headers.get("content-type"), answer.headers.get("cache-control")]).toEqual([
      200,
      "text/csv; charset=utf-8",
      "no-store",
    ]);
    expect(answer.headers.get("content-disposition")).toMatch(/^attachment; filename="gifts-\d{4}-\d{2}-\d{2}\.csv"$/u);
    const [head, ...lines] = await rows(answer);
    expect(head).toBe(
      "\u{FEFF}Day,Counted on,Name,E-mail,Fund,Campaign,Organisation,Given,Returned,Raised,Currency,State,Way,Every,Payment,Part,Id",
    );
    expect(lines).toHaveLength(5);
    expect(lines[3]).toMatch(
      /^2021-02-10,2021-02-10,Samir Əliyev,samir@example\.org,Youth fund,,The second,80\.00,80\.00,0\.00,CAD,counted,Stripe,,\d+,/u,
    );
  });

  test("never has a formula in it, whatever a stranger is called", async () => {
    const text = (await rows(await get("/desk/gifts.csv"))).join("\n");
    expect(text).toContain(`"'=HYPERLINK(""x"")"`);
    expect(text).not.toMatch(/(?:^|,)"?[=+@]/mu);
  });

  test("of a search is asked for by a form, and has what was found alone", async () => {
    const lines = await rows(await post("/desk/gifts.csv", { q: "leyla@", from: "2021-01-01", to: "2021-01-31" }));
    expect(lines).toHaveLength(2);
    expect(lines[1]).toContain("leyla@example.org");
  });
});
