import { describe, expect, it } from "vitest";
import type { BoardAnswers } from "../../src/core/board.ts";
import { answersOf } from "../../web/charts/answers.ts";
import { contextOf } from "../../web/charts/answer.ts";
import type { BesideTotals, BoardData } from "../../web/charts/board-data.ts";
import { boardTable } from "../../web/charts/board-files.ts";
import { boardFigures, changeOf } from "../../web/charts/board-text.ts";
import { percent, shareOf } from "../../web/charts/share.ts";
import { answers, compared } from "./answers.ts";
import { board, months, total, totals } from "./story.ts";

const period = { from: "2020-10-01", to: "2021-02-28" };

/** The dashboard of the story's five months, with something of it changed. */
function boardOf(changes: Partial<BoardAnswers> = {}, beside: Partial<BesideTotals> = {}, days = period): BoardData {
  return board(days, months, "2026-11-21", { answers: { ...answers, ...changes }, ...beside });
}

const answer = (name: string, data: BoardData) => {
  const found = answersOf(data).find((each) => each.name === name);
  if (found === undefined) throw new Error(`there is no answer ${name}`);
  return found;
};
const said = (name: string, data: BoardData): string[] => {
  const { sentence, notes = [] } = answer(name, data);
  return [sentence, ...notes];
};
const rows = (name: string, data: BoardData): string[] =>
  [...(answer(name, data).table?.rows ?? []).map(({ cells }) => cells), answer(name, data).table?.sum ?? []]
    .filter((cells) => cells.length > 0)
    .map((cells) => cells.map(({ text }) => text).join(" | "));

describe("the questions of a board", () => {
  it("each have one sentence, and open what they say", () => {
    expect(answersOf(boardOf()).map(({ name, sentence }) => [name, sentence])).toEqual([
      ["reached-the-cause", "$21,586.00 reached the cause; fees took 0% of what was given."],
      ["who-gave", "201 people gave: 120 for the first time, 64 came back, 17 were regained after a pause."],
      ["retention", "58% of the 110 people who gave in the period before came back: 64."],
      ["typical-gift", "Half of all gifts are of $25.00 or less. The average is $35.06, over 620 gifts."],
      ["regular-gifts", "31 gifts that repeat bring $965.00 a month."],
      ["few-who-gave-most", "The ten people who gave most gave 51%."],
      ["given-back", "$150.00 of $21,736.00 given went back to donors."],
      [
        "what-merchandise-brought",
        "76 pieces were sold for $893.00; what went to the funds is known once Stripe has told every fee.",
      ],
      ["may-be-spent", "$300.00 is free to spend; $21,211.00 is restricted to a purpose."],
      ["cost-of-a-dollar", "It cost $0.03 to raise a dollar."],
      ["trust", "The books prove themselves; what is not settled yet is listed here."],
    ]);
  });

  it("say of which period, as of when, before or after fees, and whether anything may still change", () => {
    const data = boardOf();
    expect(contextOf(answer("typical-gift", data), data)).toBe(
      "1 October 2020 to 28 February 2021. As of 21 November 2026, 14:05. Provisional: its last month is not closed. Before fees.",
    );
    const closed = boardOf({}, {}, { from: "2020-10-01", to: "2021-01-31" });
    expect(contextOf(answer("reached-the-cause", closed), closed)).toBe(
      "1 October 2020 to 31 January 2021. As of 21 November 2026, 14:05. Closed: nothing of it changes any more. After fees.",
    );
    expect(contextOf(answer("trust", data), data)).toBe(
      "As it is now, whatever the period. As of 21 November 2026, 14:05.",
    );
  });

  it("lead to their rows in the desk, of the same days, fund and accounts", () => {
    const links = answersOf(boardOf()).flatMap(({ rows: own = [] }) =>
      own.map(({ label, href }) => `${label} ${href}`),
    );
    const days = "from=2020-10-01&to=2021-02-28";
    expect(links).toContain(
      `Fees: The entries in the books /desk/books/entries?organisation=alov&code=5000,5010&currency=CAD&${days}`,
    );
    expect(links).toContain(
      `Proceeds: The entries in the books /desk/books/entries?organisation=alov&code=3920&currency=CAD&${days}`,
    );
    expect(links).toContain(`Gifts with returns /desk/gifts?returned=any&${days}`);
  });

  it("say of few gifts that repeat how many ended, of many which part", () => {
    const said = (activeAtStart: number) =>
      answersOf(boardOf({ plans: { ...answers.plans, ended: 4, activeAtStart } })).find(
        ({ name }) => name === "regular-gifts",
      )?.notes;
    expect(said(5)).toEqual(["4 of the 5 that ran at the start ended."]);
    expect(said(40)).toEqual(["10% of the 40 that ran at the start ended."]);
  });

  it("do not come and go with the figures, so that nobody loses the place while gifts come in", () => {
    const empty = boardOf({
      people: { donors: 0, newDonors: 0, before: answers.people.before },
      size: { gifts: 0, medianMinor: null, averageMinor: null, histogram: [] },
      plans: { active: 0, baseMinor: 0, began: 0, ended: 0, activeAtStart: 0, failing: 0 },
      concentration: { stayedMinor: 0, people: 0, top: [] },
      cost: { revenueMinor: 0, costMinor: 0, costs: [] },
    });
    const shape = (data: BoardData) => answersOf(data).map(({ name, table, charts }) => [name, table != null, charts]);
    expect(shape(empty)).toEqual(shape(boardOf()));
    expect(
      answersOf(empty)
        .filter(({ muted }) => muted)
        .map(({ sentence }) => sentence),
    ).toEqual([
      "No gift of this period has a size yet.",
      "Nobody gives by the month or year yet.",
      "No gift of this period stayed.",
      "Nothing was raised or sold in this period.",
    ]);
  });

  it("give each table under the name of its file", () => {
    const data = boardOf();
    for (const { name, table = null } of answersOf(data)) expect(boardTable(name, data)).toEqual(table);
    expect(boardTable("funds", data)?.caption).toBe("Totals by fund");
    expect(boardTable("cohorts", data)?.rows).toHaveLength(4);
    expect(boardTable("nothing", data)).toBeNull();
  });
});

describe("what reached the cause", () => {
  it("is shown once as a sum that closes", () => {
    const all = { ...totals().all, proceedsMinor: 20475n, feesMinor: 561n, reachedMinor: 2178514n, feesUnknown: 2 };
    const data = board({ ...period, all });
    expect(rows("reached-the-cause", data)).toEqual([
      "Given | $21,736.00",
      "less returned | −$150.00",
      "plus proceeds | $204.75",
      "less fees | −$5.61",
      "Reached the cause | $21,785.14",
    ]);
    expect(said("reached-the-cause", data)[1]).toBe("The fees of 2 gifts are still to come from Stripe.");
  });
});

describe("who gave, and who came back", () => {
  it("adds up to the donors, and to those of the period before", () => {
    expect(rows("who-gave", boardOf())).toEqual([
      "New donors | 120",
      "Came back | 64",
      "Regained | 17",
      "Donors | 201",
    ]);
    expect(rows("retention", boardOf())).toEqual([
      "Came back | 64",
      "Not yet again | 46",
      "Gave in the period before | 110",
    ]);
    expect(said("retention", boardOf())[1]).toBe("At the same point one period earlier it was 51%.");
  });

  it("of few people says counts and no percentage", () => {
    const before = {
      from: "2019-10-01",
      to: "2020-09-30",
      donors: 12,
      returning: 7,
      regained: 0,
      lapsed: 5,
      samePoint: null,
    };
    const data = boardOf({ people: { donors: 9, newDonors: 2, before } });
    expect(said("retention", data)).toEqual(["7 of the 12 people who gave in the period before came back."]);
    expect(boardFigures(data)[3]).toMatchObject({ of: "retention", value: { text: "7 of 12" } });
  });

  it("is not measured of a fund for one occasion, nor of all time, nor where nobody was before", () => {
    const oneTime = boardOf({}, { oneTime: true });
    expect(answer("retention", oneTime)).toMatchObject({ muted: true, charts: [] });
    expect(said("retention", oneTime)[0]).toContain("This fund is for one occasion");
    expect(boardFigures(oneTime)[3]?.of).toBe("supporters");
    const allTime = boardOf({ people: { donors: 201, newDonors: 201, before: null } }, {}, {
      from: null,
      to: null,
    } as never);
    expect(said("retention", allTime)[0]).toContain("Choose a period with a first day");
    expect(said("who-gave", allTime)[0]).toBe("201 people gave in all this time, each counted once.");
    const before = {
      from: "2019-10-01",
      to: "2020-09-30",
      donors: 0,
      returning: 0,
      regained: 0,
      lapsed: 0,
      samePoint: null,
    };
    const first = boardOf({ people: { donors: 201, newDonors: 201, before } });
    expect(said("retention", first)[0]).toContain("Nobody gave in the period before");
    expect(said("who-gave", first)[0]).toBe("201 people gave, all for the first time.");
  });
});

describe("a change against another period", () => {
  const of = (
    own: number,
    then: number,
    changes: object = {},
    days: { to: string | null; today: string } = { to: "2021-02-28", today: "2021-03-05" },
  ) => changeOf(own, then, { ...compared, ...changes }, { currency: "CAD", ...days });

  it("is a percentage with its sign, on the same day where the period runs", () => {
    expect(of(1120, 1000)).toBe("+12% on a year before");
    expect(of(970, 1000, { with: "previous" })).toBe("−3% on the period before");
    expect(of(1120, 1000, {}, { to: "2021-02-28", today: "2021-02-20" })).toBe("+12% on the same day last year");
    expect(of(1120, 1000, { with: { campaign: "pins", name: "Pins 2020" } })).toBe(
      "+12% on Pins 2020 after as many days",
    );
    expect(of(1000, 1000)).toBe("the same as a year before");
  });

  it("of few gifts is an amount, and of none says so", () => {
    expect(of(5000, 3000, { gifts: 3 })).toBe("+$20.00 on a year before");
    expect(of(5000, 0, { gifts: 0 })).toBe("nothing to compare with then");
  });

  it("never rounds something to nothing, nor nearly all to all", () => {
    expect([percent(1, 3000), percent(2999, 3000), percent(0, 5), percent(5, 5), percent(1, 40)]).toEqual([
      "under 0.1%",
      "over 99%",
      "0%",
      "100%",
      "2.5%",
    ]);
    expect([shareOf(19, 19), shareOf(10, 20)]).toEqual(["19 of 19", "50%"]);
  });
});

describe("what a board must notice", () => {
  it("that one person gives more than a quarter is said", () => {
    const top = [
      { people: 1 as const, minor: 600_000 },
      { people: 5 as const, minor: 900_000 },
      { people: 10 as const, minor: 1_100_000 },
    ];
    const data = boardOf({ concentration: { stayedMinor: 2_000_000, people: 40, top } });
    expect(said("few-who-gave-most", data)).toEqual([
      "The ten people who gave most gave 55%.",
      "One person alone gave 30%: if that gift stays away, it will be felt.",
    ]);
    expect(said("few-who-gave-most", boardOf({ concentration: null }))[0]).toContain("Choose one of these");
  });

  it("a broken promise names how much is missing, a kept one says so", () => {
    const [pin] = answers.merchandise;
    if (pin === undefined) throw new Error("there is no pin");
    expect(said("what-merchandise-brought", boardOf({ merchandise: [pin] }))).toEqual([
      "45 pieces were sold for $225.00; $204.75 of it went to the funds.",
      "Every promise to buyers was kept.",
    ]);
    const short = { ...pin, actualMinor: 20_471, differenceMinor: -4 };
    expect(said("what-merchandise-brought", boardOf({ merchandise: [short] }))[1]).toBe(
      "The promises to buyers fall short by $0.04 so far.",
    );
    expect(rows("what-merchandise-brought", boardOf({ merchandise: [short] }))).toEqual([
      "Khari Bulbul pin | 45 | $225.00 | −$20.25 | $204.75 | $204.71 | −$0.04",
    ]);
  });

  it("what is free and what is restricted close with what waits for a fund", () => {
    expect(rows("may-be-spent", boardOf())).toEqual([
      "Families fund | $21,211.00",
      "Youth fund | $300.00",
      "Gifts waiting for a fund | $75.00",
      "Together | $21,586.00",
    ]);
  });

  it("a goal is shown with how far it is, and none where there is none", () => {
    expect(said("on-track", boardOf({}, { goalMinor: 5_000_000 }))).toEqual([
      "$21,586.00 of $50,000.00 is raised: 43%.",
    ]);
    expect(said("on-track", boardOf({}, { goalMinor: 1_000_000 }))[0]).toContain("The goal of $10,000.00 is reached");
    expect(answersOf(boardOf()).map(({ name }) => name)).not.toContain("on-track");
  });

  it("a joint fund says what each organisation raised, one union of people, and what is owed", () => {
    const organisations = [
      { slug: "alov", name: "Alov", givenMinor: 150_000, returnedMinor: 5_000, raisedMinor: 145_000 },
      { slug: "acmc", name: "The Center", givenMinor: 55_000, returnedMinor: 0, raisedMinor: 55_000 },
    ];
    const data = boardOf({ joint: { organisations, owed: [{ from: "acmc", to: "alov", minor: 20_000 }] } });
    expect(said("joint-fund", data)).toEqual([
      "Alov raised $1,450.00 and The Center raised $550.00; 201 people in all, each counted once.",
      "The Center holds $200.00 for Alov.",
    ]);
    expect(rows("joint-fund", data).at(-1)).toBe("Together | $2,050.00 | −$50.00 | $2,000.00");
  });

  it("whether the numbers can be trusted is said plainly", () => {
    const settled = { ...answers.trust, disputes: { open: 0, minor: 0 }, unassigned: { gifts: 0, minor: 0 } };
    const of = (trust: BoardAnswers["trust"]) => said("trust", boardOf({ trust }))[0];
    expect(of(settled)).toBe("Yes: the books prove themselves and agree with Stripe to the cent.");
    const [own] = settled.organisations;
    if (own === undefined) throw new Error("there is no organisation");
    expect(of({ ...settled, organisations: [{ ...own, proofsHold: false }] })).toContain("Not entirely");
    expect(of({ ...settled, organisations: [] })).toContain("no books yet");
  });

  it("what was given back names the open disputes", () => {
    const data = board({ ...period, unassigned: total(7500n, 7500n) });
    expect(said("given-back", data)[1]).toBe(
      "1 dispute of $50.00 is open: a bank has taken the money back and has not decided yet.",
    );
    expect(rows("given-back", data)).toEqual([
      "Families fund | $21,361.00 | −$150.00",
      "Gifts waiting for a fund | $75.00 | −$75.00",
    ]);
  });
});
