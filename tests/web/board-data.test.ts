import { expect, it } from "vitest";
import { fundTable, monthTable, raisedByFundTable } from "../../web/charts/board-tables.ts";
import { boardFigures, boardStatus } from "../../web/charts/board-text.ts";
import { periodInWords } from "../../web/charts/period-text.ts";
import { answers } from "./answers.ts";
import { board, months, total, totals } from "./story.ts";

it("the dashboard's months have no gaps and add up over all funds and what waits for one", () => {
  expect(board().months.map((row) => [row.month, row.givenMinor, row.returnedMinor, row.raisedMinor])).toEqual([
    ["2020-10", 1500000, 0, 1500000],
    ["2020-11", 600000, 10000, 590000],
    ["2020-12", 0, 0, 0],
    ["2021-01", 7500, 0, 7500],
    ["2021-02", 66100, 5000, 61100],
  ]);
});

it("a chosen period shows all its months, also empty ones, but none that has not begun", () => {
  const data = board({ from: "2026-09-01", to: "2026-12-31" }, []);
  expect(data.months.map((row) => row.month)).toEqual(["2026-09", "2026-10", "2026-11"]);
});

it("a very long period shows the months that have something", () => {
  expect(board({ from: "1990-01-01", to: "2026-12-31" }).months).toHaveLength(5);
  expect(board({ from: null, to: null }, []).months).toEqual([]);
});

it("an amount that JSON cannot hold is refused, never rounded", () => {
  expect(() => board({ all: total(2n ** 60n, 0n) })).toThrow(RangeError);
});

it("the table of funds has a line for what waits for a fund and closes with everybody counted once", () => {
  const table = fundTable(board());
  expect(table.rows.map((row) => row.cells.map((cell) => cell.text))).toEqual([
    ["Families fund", "$21,361.00", "−$150.00", "$21,211.00", "$0.00", "$0.00", "$21,211.00", "195", "14", "231"],
    ["Youth fund", "$300.00", "$0.00", "$300.00", "$0.00", "$0.00", "$300.00", "6", "0", "6"],
    ["Waiting for a fund", "$75.00", "$0.00", "$75.00", "$0.00", "$0.00", "$75.00", "2", "0", "2"],
  ]);
  expect(table.sum?.map((cell) => cell.text)).toEqual([
    "All together",
    "$21,736.00",
    "−$150.00",
    "$21,586.00",
    "$0.00",
    "$0.00",
    "$21,586.00",
    "201",
    "14",
    "237",
  ]);
  expect(table.rows.map((row) => row.cells[0]?.href)).toEqual(["/funds/families", undefined, undefined]);
  expect(table.rows[1]?.cells[0]?.chip).toBe("not public");
});

it("all tables of the dashboard close with the same raised", () => {
  const data = board();
  const sums = [fundTable(data).sum?.[3], monthTable(data).sum?.[3], raisedByFundTable(data).sum?.[1]];
  expect(sums.map((cell) => cell?.text)).toEqual(["$21,586.00", "$21,586.00", "$21,586.00"]);
});

it("proceeds, fees and what reached the cause have their columns; a figure says how many fees are still to come", () => {
  const known = { proceedsMinor: 20475n, feesMinor: 561n, reachedMinor: 2178514n };
  const table = fundTable(board({ all: { ...totals().all, ...known } }));
  expect(table.columns.map((column) => column.label)).toContain("Reached");
  expect(table.sum?.slice(4, 7).map(({ text }) => text)).toEqual(["$204.75", "−$5.61", "$21,785.14"]);
  const provisional = boardFigures(board({ all: { ...totals().all, ...known, feesUnknown: 2 } }));
  expect(provisional[1]?.note).toContain("the fees of 2 gifts are still to come");
});

it("the bar under the heading names what waits, and is good only where books and Stripe agree freshly", () => {
  const waiting = board({
    all: { ...totals().all, arriving: { payments: 1, amountMinor: 5000n }, awaitingConversion: 3 },
  });
  const { tone, lead, sentences } = boardStatus(waiting);
  expect(tone).toBe("warn");
  expect(lead).toBe("Books match Stripe to the cent: the difference is 0.00. As of 21 November 2026, 14:05.");
  expect(sentences.join(" ")).toContain("2 gifts of $75.00 wait for a fund.");
  expect(sentences.join(" ")).toContain("1 payment of $50.00 is arriving");
  expect(sentences.join(" ")).toContain("3 gifts await conversion");
  const calm = boardStatus(board({ unassigned: total(0n, 0n) }));
  expect(calm.tone).toBe("good");
  expect(calm.sentences).toEqual([]);
  expect(calm.more).toEqual([
    "The books of Alov Foundation and Stripe agree to the cent, 21 November 2026, 13:55.",
    "Figures since 1 February 2021 are provisional; what came before is closed.",
    "Nothing waits for a fund, and no payment is on its way.",
    "Not compared yet: the bank's statements, and people who may be known twice.",
  ]);
  const trusted = (own: Partial<(typeof answers)["trust"]["organisations"][number]>) => {
    const organisations = answers.trust.organisations.map((one) => ({ ...one, ...own }));
    const beside = { answers: { ...answers, trust: { ...answers.trust, organisations } } };
    const { chip, sentences: said } = boardStatus(board({ unassigned: total(0n, 0n) }, months, "2026-11-21", beside));
    return [chip, said[0]];
  };
  const askedAt = "2026-11-21T18:55:00.000Z";
  expect(trusted({ stripe: { state: "stale", askedAt, differenceMinor: 0 } })).toEqual([
    "not compared",
    "The books of Alov Foundation and Stripe agreed when last compared, 21 November 2026, 13:55.",
  ]);
  expect(trusted({ stripe: { state: "differs", askedAt, differenceMinor: -1205 } })).toEqual([
    "does not agree",
    "The books of Alov Foundation and Stripe differ by $12.05.",
  ]);
  expect(trusted({ stripe: { state: "not yet", askedAt: null, differenceMinor: 0 } })).toEqual([
    "not compared",
    "The books of Alov Foundation and Stripe have not been compared yet.",
  ]);
  expect(trusted({ proofsHold: false })).toEqual([
    "does not agree",
    "The books of Alov Foundation do not prove themselves: the treasurer's desk says where.",
  ]);
});

it("the bar says which debits a bank has not paid, and which monthly payments failed", () => {
  const nextAttempt = new Date("2026-11-24T19:05:00Z");
  const { tone, chip, sentences } = boardStatus(
    board({
      unassigned: total(0n, 0n),
      pending: { payments: 1, amountMinor: 5000n },
      renewals: { retried: 2, nextAttempt, givenUp: 1 },
    }),
  );
  expect([tone, chip]).toEqual(["warn", "something waits"]);
  expect(sentences).toEqual([
    "1 bank debit of $50.00 is on the way: in no number until the bank has paid.",
    "2 monthly or yearly payments failed and are being retried, next on 24 November 2026, 14:05.",
    "1 monthly or yearly payment failed and is not retried any more: only the donor can bring another card.",
  ]);
});

it("a period is said in words", () => {
  expect(periodInWords({ from: null, to: null })).toBe("All time");
  expect(periodInWords({ from: "2024-02-01", to: "2024-02-29" })).toBe("February 2024");
  expect(periodInWords({ from: "2021-01-01", to: "2021-12-31" })).toBe("2021");
  expect(periodInWords({ from: "2021-01-01", to: "2021-03-15" })).toBe("1 January 2021 to 15 March 2021");
});

it("the order in which the database gives its rows does not matter", () => {
  expect(board({}, months.toReversed())).toEqual(board());
});
