import { describe, expect, it } from "vitest";
import type { BoardData } from "../../web/charts/board-data.ts";
import type { PackSnapshot } from "../../web/charts/pack-data.ts";
import { barsDrawing, columnsDrawing, phoneWidth } from "../../web/charts/pack-drawing.ts";
import { packDocuments } from "../../web/charts/pack-sections.ts";
import { sharedDocuments } from "../../web/charts/pack-shared.ts";
import { packWords as french } from "../../web/locales/fr/pack.ts";
import { PackPage, SharedPackPage } from "../../web/pages/pack.tsx";
import { percentOf, tongueOf } from "../../web/parts/pack-format.ts";
import { answers, packBoard, sharedPack, snapshot, storedPack } from "./pack-story.ts";
import { render, rows, text, texts } from "./render.ts";
import { frame } from "./story.ts";

const shown = async (changes: Partial<PackSnapshot> = {}): Promise<Document> =>
  await render(
    <PackPage
      frame={frame}
      number={7n}
      documents={packDocuments({ ...storedPack, snapshot: { ...snapshot, ...changes } })}
      notice={null}
      links={null}
    />,
  );
const withAnswers = (changes: Partial<BoardData["answers"]>): Partial<PackSnapshot> => ({
  board: { ...packBoard, answers: { ...answers, ...changes } },
});

describe("a pack's page", () => {
  it("has its parts in the order of a meeting, in English and then in French", async () => {
    const page = await shown();
    expect(texts(page, ".pack[lang=en] h2")).toEqual([
      "How far these numbers are proved",
      "In short",
      "What changed since your last meeting",
      "By fund",
      "Raised over time",
      "Who gave",
      "A typical gift",
      "What is regular",
      "Do we depend on a few",
      "What a dollar costs",
      "What may be spent freely",
      "Merchandise and its promise",
      "Can we trust the numbers",
      "From the treasurer",
      "What we decided",
      "How we count",
      "Who is responsible",
    ]);
    expect(page.querySelectorAll("h1")).toHaveLength(1);
    expect(texts(page, ".pack[lang=fr-CA] h2")).toHaveLength(18);
  });

  it("shows sums that close: reached, each fund, each month", async () => {
    const page = await shown();
    const cents = (cell: string): number => Number(cell.replaceAll(/[$,.]/gu, "").replace("−", "-"));
    const reached = rows(page, ".pack[lang=en] .pack-figures").slice(1);
    const parts = reached.slice(0, -1).map(([, amount]) => cents(amount ?? ""));
    expect(parts.reduce((sum, each) => sum + each, 0)).toBe(cents(reached.at(-1)?.[1] ?? ""));
    const months = rows(page, ".pack[lang=en] .pack-months").slice(1);
    for (const column of [1, 2, 3]) {
      const each = months.map((cells) => cents(cells[column] ?? ""));
      expect(each.slice(0, -1).reduce((sum, amount) => sum + amount, 0)).toBe(each.at(-1));
    }
  });

  it("says how each number changed, in counts where fewer than twenty people stand behind it", async () => {
    expect(text(await shown(), ".pack[lang=en] .pack-figures .figures")).toContain(
      "14% more than in the same days of last year",
    );
    const { compared } = packBoard;
    if (compared === null) throw new Error("the story is compared");
    const few = await shown({ board: { ...packBoard, compared: { ...compared, donors: 19 } } });
    expect(text(few, ".pack[lang=en] .pack-figures .figures")).not.toContain("%");
    expect(text(few, ".pack[lang=en] .pack-figures .figures")).toContain("19 in the same days of last year");
    const alone = await shown({ board: { ...packBoard, compared: null } });
    expect(text(alone, ".pack[lang=en] .pack-figures .figures")).not.toContain("last year");
  });

  it("claims to be proved only where all that is compared agrees", async () => {
    expect(texts(await shown(), ".pack-proof .chip")).toEqual(["not all proved", "pas entièrement prouvé"]);
    const organisations = answers.trust.organisations.slice(0, 1);
    const good = await shown(withAnswers({ trust: { ...answers.trust, organisations } }));
    expect(texts(good, ".pack-proof .chip")).toEqual(["proved at Stripe", "prouvé chez Stripe"]);
    const broken = organisations.map((each) => ({ ...each, proofsHold: false }));
    const bad = await shown(withAnswers({ trust: { ...answers.trust, organisations: broken } }));
    expect(text(bad, ".pack-proof")).toContain("not all proved");
    expect(text(bad, ".pack-proof")).toContain("the books do not add up");
  });

  it("says where an answer is missing, and why", async () => {
    const page = await shown({
      ...withAnswers({ concentration: null, cost: null, spendable: null, joint: null, merchandise: [] }),
      earlier: null,
    });
    expect(text(page, ".pack-concentration")).toContain("kept for fiscal years and for all time");
    expect(text(page, ".pack-cost")).toContain("Costs are an organisation's");
    expect(text(page, ".pack-spendable")).toContain("keep no balance");
    expect(page.querySelector(".pack-merchandise")).toBeNull();
    expect(text(page, ".pack-changed")).toContain("This is the first pack of this place");
  });

  it("draws what its tables say: one column a month, one bar a size", async () => {
    const page = await shown();
    const drawn = page.querySelectorAll(".pack[lang=en] .pack-size .pack-drawing:not(.narrow) rect.given");
    const counts = rows(page, ".pack[lang=en] .pack-size")
      .slice(1, -1)
      .map(([, gifts]) => Number(gifts));
    const widths = [...drawn].map((rect) => Number(rect.getAttribute("width")));
    const largest = Math.max(...counts);
    for (const [index, gifts] of counts.entries())
      expect(widths[index]).toBeCloseTo((Math.max(...widths) * gifts) / largest, 0);
    for (const drawing of page.querySelectorAll(".pack[lang=en] .pack-months .pack-drawing"))
      expect(drawing.querySelectorAll("rect.returned")).toHaveLength(2);
    expect(page.querySelectorAll(".pack[lang=en] .pack-months .pack-drawing")).toHaveLength(2);
  });
});

describe("a shared pack", () => {
  it("has no part that could tell of a few, and is for no search engine", async () => {
    const documents = sharedDocuments(sharedPack, 7, "2026-12-21T19:05:00Z");
    const page = await render(<SharedPackPage frame={frame} documents={documents} pdf="/packs/x/pack.pdf" />);
    expect(texts(page, ".pack[lang=en] h2")).toEqual([
      "How far these numbers are proved",
      "By fund",
      "Merchandise, over all time",
      "From the treasurer",
      "What we decided",
      "How we count",
      "Who is responsible",
    ]);
    expect(page.querySelector("meta[name=referrer]")?.getAttribute("content")).toBe("no-referrer");
    expect(text(page, ".pack[lang=en] .pack-shared")).toContain("Youth fund: not shown");
    expect(text(page, ".pack[lang=en] .pack-head")).toContain("This link works until 21 December 2026, 14:05.");
    // Who closed the books is nobody else's business.
    expect(text(page, ".pack[lang=en] .pack-proof")).not.toContain("Tara");
  });
});

describe("French", () => {
  const { money, day, month, moment, count } = tongueOf("fr", "CAD");
  const plain = (words: string): string => words.replaceAll(/[\u00a0\u202f]/gu, " ");

  it("writes amounts, days and moments as Canada does", () => {
    expect([1_234_50, -5000, 0, 7].map((minor) => plain(money(minor)))).toEqual([
      "1 234,50 $",
      "−50,00 $",
      "0,00 $",
      "0,07 $",
    ]);
    expect(plain(money(900_719_925_474_099_1))).toBe("90 071 992 547 409,91 $");
    expect(plain(money(500, "JPY"))).toContain("500");
    expect([day("2021-03-01"), day("2021-03-31"), month("2021-08")]).toEqual([
      "1er mars 2021",
      "31 mars 2021",
      "août 2021",
    ]);
    expect(moment("2021-03-01T14:05:00Z", "America/Toronto")).toBe("1er mars 2021 à 09 h 05");
    expect(plain(count(1204))).toBe("1 204");
  });

  it("takes the singular for none and for one", () => {
    const { people, changed, plans, shared } = french;
    expect([0, 1, 2].map((number) => changed.gifts(number))).toEqual(["0 don", "1 don", "2 dons"]);
    expect([1, 2].map((number) => changed.newPeople(number))).toEqual(["1 nouveau donateur", "2 nouveaux donateurs"]);
    expect(people.sentence(1, 0)).toBe("1 personne a donné. Personne ne donnait pour la première fois.");
    expect(people.sentence(5, 2)).toBe("5 personnes ont donné. 2 personnes donnaient pour la première fois.");
    expect(people.back(1, 9, 8)).toContain("1 est revenue et 8 ne le sont pas");
    expect(plans.sentence(1, "5,00 $")).toBe("1 don se répète et apporte 5,00 $ par mois.");
    expect([1, 3].map((number) => shared.more(number))).toEqual([
      "Un autre fonds, qui n’est pas public, n’est pas présenté.",
      "3 autres fonds, qui ne sont pas publics, ne sont pas présentés.",
    ]);
  });

  it("puts no-break spaces before colons and inside guillemets, so that no line begins with one", async () => {
    const page = await shown();
    const said = page.querySelector(".pack[lang=fr-CA]")?.textContent ?? "";
    expect(said).not.toMatch(/ [:»%]|« /u);
  });
});

describe("numbers of a pack", () => {
  it("rounds shares half up by whole numbers, also below zero", () => {
    expect([percentOf(1, 3), percentOf(1, 8), percentOf(-1, 8), percentOf(2, 1)]).toEqual([33, 13, -13, 200]);
  });

  it("draws nothing for nothing, and keeps every label on the paper", () => {
    expect(columnsDrawing([]).bars).toEqual([]);
    expect(barsDrawing([]).bars).toEqual([]);
    const months = Array.from({ length: 60 }, (_, index) => ({
      label: `Jan ${2000 + index}`,
      value: index * 1000,
      text: `$${index * 10}.00`,
      below: index,
    }));
    for (const { labels, width } of [columnsDrawing(months), columnsDrawing(months, phoneWidth)]) {
      for (const { x } of labels) expect(x > 0 && x < width).toBe(true);
      expect(labels.length).toBeLessThan(20);
    }
  });
});
