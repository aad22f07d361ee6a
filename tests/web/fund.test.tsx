import { expect, it } from "vitest";
import { FundPage, type FundPageProps } from "../../web/pages/fund.tsx";
import { emptyGive } from "../../web/parts/give-form.tsx";
import { asOf, blocks, families, familiesTotal, frame, pin, total } from "./story.ts";
import { fields, render, rows, text, texts } from "./render.ts";

const order = "alm_0123456789abcdef01234567";
const props: FundPageProps = {
  frame,
  fund: families,
  total: familiesTotal,
  asOf,
  rows: blocks,
  recent: [],
  campaigns: [pin],
  form: { order, values: emptyGive(families), errors: {}, cameBack: false },
};
const page = async (changes: Partial<FundPageProps> = {}) => await render(<FundPage {...props} {...changes} />);

it("a fund's page says what was raised, from how many people, and which gifts have no name", async () => {
  const document = await page();
  expect(texts(document, ".figure .value")).toEqual(["$21,211.00", "195", "$21,211.00"]);
  expect(texts(document, ".figure .note")[1]).toBe("people, and 14 unnamed gifts");
  expect(text(document, "main")).toContain("since 20 October 2020");
  expect(text(document, "main")).toContain("As of 21 November 2026, 14:05.");
});

it("the rows behind the number add up to the number", async () => {
  const table = rows(await page(), "#months");
  expect(table[0]).toEqual(["Month", "Raised"]);
  expect(table[2]).toEqual(["November 2020", "$5,900.00"]);
  expect(table[3]).toEqual(["December 2020 to February 2021", "$311.00"]);
  expect(table.at(-1)).toEqual(["All time", "$21,211.00"]);
});

it("what the rows may not name one by one stands in a row of its own, so that the sum still closes", async () => {
  const table = rows(await page({ rows: [{ from: "2020-10", to: "2020-12", raisedMinor: 2090000n }] }), "#months");
  expect(table.slice(1)).toEqual([
    ["October 2020 to December 2020", "$20,900.00"],
    ["Not shown month by month", "$311.00"],
    ["All time", "$21,211.00"],
  ]);
});

it("a fund whose only gift was returned says so, and not that none has arrived", async () => {
  const table = rows(await page({ rows: [], total: { ...familiesTotal, ...total(2500n, 2500n) } }), "#months");
  expect(table.slice(1)).toEqual([
    ["Not shown month by month", "$0.00"],
    ["All time", "$0.00"],
  ]);
});

it("each figure leads to its rows and to its meaning, which also stands in the footnote", async () => {
  const document = await page();
  expect(document.querySelector(".figure .value a")?.getAttribute("href")).toBe("#months");
  const term = document.querySelector(".figure .term a");
  expect(term?.getAttribute("href")).toBe("#how-raised");
  expect(text(document, `#${term?.getAttribute("aria-describedby")}`)).toBe(text(document, "#how-raised dd"));
});

it("what reached the cause stands beside what was raised", async () => {
  const document = await page({
    total: { ...familiesTotal, proceedsMinor: 20475n, feesMinor: 0n, reachedMinor: 2141575n },
  });
  expect(texts(document, ".figure .value")).toContain("$21,415.75");
});

it("the form works as plain HTML: every field has its name, and one preset is chosen", async () => {
  const document = await page();
  const form = document.querySelector<HTMLFormElement>("#give");
  expect(form?.getAttribute("action")).toBe("/funds/families/give");
  expect(form?.method).toBe("post");
  expect(fields(document, "#give")).toEqual({
    order,
    every: "once",
    amount: "5000",
    other: "",
    email: "",
    show: "nothing",
    note: "",
  });
  expect(text(document, "#give button")).toBe("Give $50.00 once");
});

it("nobody is shown who did not ask for it", () => {
  expect(emptyGive(families).show).toBe("nothing");
});

it("what cannot be taken is said on top and beside its field, and what was typed is kept", async () => {
  const typed = { every: "month", amount: "", other: "fifty" };
  const values = { ...typed, email: "leyla@", show: "name" as const, note: "For <b>them</b>" };
  const errors = { other: "Type the amount as a number, such as 50 or 25.50", email: "Type an e-mail address" };
  const document = await page({ form: { order, values, errors, cameBack: false } });
  expect(document.title).toBe("Error: Families fund · Almonry");
  expect(texts(document, ".error-summary a")).toEqual([errors.other, errors.email]);
  expect([...document.querySelectorAll(".error-summary a")].map((link) => link.getAttribute("href"))).toEqual([
    "#other",
    "#email",
  ]);
  const other = document.querySelector<HTMLInputElement>("#other");
  expect(other?.value).toBe("fifty");
  expect(other?.getAttribute("aria-invalid")).toBe("true");
  expect(text(document, `#${other?.getAttribute("aria-describedby")}`)).toBe(errors.other);
  expect(document.querySelector<HTMLInputElement>("#email")?.value).toBe("leyla@");
  expect(document.querySelector<HTMLTextAreaElement>("#note")?.value).toBe("For <b>them</b>");
  expect(document.querySelector<HTMLInputElement>("#show-name")?.checked).toBe(true);
  expect(document.querySelectorAll("input[name=amount]:checked")).toHaveLength(0);
  expect(document.querySelector<HTMLInputElement>("#every-month")?.checked).toBe(true);
  expect(text(document, "#give button")).toBe("Give every month");
});

it("a gift that repeats says so before it is given, and whom to write to so that it stops", async () => {
  const document = await page();
  expect(texts(document, ".seg label")).toEqual(["Once", "Monthly", "Yearly"]);
  const monthly = document.querySelector("#every-month")?.getAttribute("aria-describedby");
  expect(text(document, `#${monthly}`)).toBe(
    "Taken today and then every month until you stop it: write to hello@alov.example.",
  );
});

it("how often is asked again where the answer was none of the three", async () => {
  const values = { ...emptyGive(families), every: "daily" };
  const errors = { every: "Choose whether to give once, every month or every year" };
  const document = await page({ form: { order, values, errors, cameBack: false } });
  expect(document.querySelector(".error-summary a")?.getAttribute("href")).toBe("#every-once");
  expect(text(document, "#every-error")).toBe(errors.every);
  expect(document.querySelectorAll("input[name=every]:checked")).toHaveLength(0);
});

it("without presets the amount is asked in one field, which carries its error", async () => {
  const fund = { ...families, presetsMinor: [] };
  const document = await page({
    fund,
    form: { order, values: emptyGive(fund), errors: { amount: "Choose an amount" }, cameBack: false },
  });
  expect(document.querySelectorAll("input[name=amount]")).toHaveLength(0);
  expect(document.querySelector(".error-summary a")?.getAttribute("href")).toBe("#other");
  expect(text(document, "#other-error")).toBe("Choose an amount");
});

it("whoever came back without paying is told that nothing was taken", async () => {
  const document = await page({ form: { ...props.form, cameBack: true } });
  expect(text(document, "[role=status]")).toContain("Nothing was taken");
});

it("a donor's name and note are text, whatever is in them", async () => {
  const gift = {
    occurredOn: "2023-08-19",
    name: "<script>alert(1)</script>",
    note: '"><img src=x onerror=y>',
    every: null,
    amountMinor: 5000n,
    currency: "CAD",
  };
  const document = await page({ recent: [gift, { ...gift, name: null, note: null }] });
  expect(document.querySelectorAll(".gifts script, .gifts img")).toHaveLength(0);
  expect(text(document, ".gifts li")).toContain("<script>alert(1)</script>");
  expect(texts(document, ".gifts bdi")[1]).toBe("Without a name");
});

it("a gift that repeats says so under recent gifts", async () => {
  const gift = { occurredOn: "2023-08-19", name: null, note: null, amountMinor: 2000n, currency: "CAD" };
  const recent = [null, "month", "year", "3 month"].map((every) => ({ ...gift, every }));
  const lines = texts(await page({ recent }), ".gifts .who");
  expect(lines).toEqual([
    "Without a name",
    "Without a name monthly",
    "Without a name yearly",
    "Without a name repeated",
  ]);
});

it("a fund that takes no gifts online has no form and no Give button", async () => {
  const document = await page({ fund: { ...families, account: null } });
  expect(document.querySelector("main form, .givebar")).toBeNull();
  expect(text(document, "main")).toContain("takes no gifts online");
});

it("a fund without a gift says what will stand there", async () => {
  const none = { ...familiesTotal, ...total(0n, 0n) };
  const document = await page({ fund: { ...families, firstGiftOn: null }, total: none, rows: [] });
  expect(text(document, "main")).toContain("no gift has arrived yet");
  expect(text(document, "#months")).toContain("The first one will stand here.");
});

it("payments on their way, gifts awaiting conversion and other currencies are named and never added in", async () => {
  const waiting = {
    ...familiesTotal,
    arriving: { payments: 2, amountMinor: 7500n },
    awaitingConversion: 1,
    otherCurrencies: [{ currency: "USD", givenMinor: 12000n, returnedMinor: 0n, raisedMinor: 12000n }],
  };
  const main = text(await page({ total: waiting }), "main");
  expect(main).toContain("2 payments of $75.00 are arriving");
  expect(main).toContain("1 gift in another currency is counted");
  expect(main).toContain("never added in: USD $120.00");
  expect(main).toContain("$21,211.00");
});
