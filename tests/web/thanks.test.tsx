import { expect, it } from "vitest";
import { ThanksPage, type ThanksState } from "../../web/pages/thanks.tsx";
import { frame } from "./story.ts";
import { render, rows, text } from "./render.ts";

const page = async (outcome: ThanksState) =>
  await render(<ThanksPage frame={frame} path="/thanks/cs_1" outcome={outcome} />);
const fund = { slug: "families", name: "Families fund", raisedMinor: 2126100n, donors: 196, unnamedGifts: 14 };

it("a recorded gift is confirmed with where its fund stands now", async () => {
  const document = await page({
    state: "booked",
    currency: "CAD",
    gifts: [{ amountMinor: 5000n, repeats: null, fund }],
    sales: [],
    shippingMinor: 0n,
    returnedMinor: 0n,
  });
  expect(text(document, "main")).toContain("Your gift of $50.00 to Families fund is recorded.");
  expect(text(document, "main")).toContain("The fund now stands at $21,261.00, from 196 people and 14 unnamed gifts.");
  expect(document.querySelector("[data-look-again]")).toBeNull();
});

it("a basket is confirmed line by line, and its lines add up to what was paid", async () => {
  const sales = [{ description: "T-shirt, M", quantity: 2, amountMinor: 5000n }];
  const document = await page({
    state: "booked",
    currency: "CAD",
    gifts: [{ amountMinor: 1000n, repeats: null, fund }],
    sales,
    shippingMinor: 1200n,
    returnedMinor: 0n,
  });
  expect(rows(document, "#paid").slice(1)).toEqual([
    ["T-shirt, M", "2", "$50.00"],
    ["Shipping", "", "$12.00"],
    ["Gift to Families fund", "", "$10.00"],
    ["Paid", "", "$72.00"],
  ]);
});

const monthly: Extract<ThanksState, { state: "booked" }> = {
  state: "booked",
  currency: "CAD",
  gifts: [{ amountMinor: 2000n, repeats: { every: "month", contact: "hello@alov.example" }, fund }],
  sales: [],
  shippingMinor: 0n,
  returnedMinor: 0n,
};

it("a monthly gift is confirmed as one, with how to stop it", async () => {
  const main = text(await page(monthly), "main");
  expect(main).toContain("Your monthly gift of $20.00 to Families fund has begun, and the first payment is recorded.");
  expect(main).toContain("taken again by itself until you stop it. To change or stop it, write to hello@alov.example.");
});

it.each([
  ["year", "Your yearly gift of"],
  ["3 month", "Your repeated gift of"],
])("a gift of every %s is called what it is", async (every, words) => {
  const gifts = monthly.gifts.map((gift) => ({ ...gift, repeats: { every, contact: "hello@alov.example" } }));
  expect(text(await page({ ...monthly, gifts }), "main")).toContain(words);
});

it("what has gone back is said beside what was paid", async () => {
  expect(text(await page({ ...monthly, returnedMinor: 2000n }), "main")).toContain(
    "Of what you paid here, $20.00 has gone back to you.",
  );
});

it("a bank that takes its days is named as that: nothing is counted, and the page looks again", async () => {
  const document = await page({ state: "processing", total: { amountMinor: 5000n, currency: "CAD" } });
  expect(text(document, "main")).toContain("Your bank will take some days to pay $50.00.");
  expect(text(document, "main")).toContain("Nothing is counted until then");
  expect(text(document, "main")).not.toMatch(/thank you|is recorded/iu);
  expect(document.querySelector("main[data-look-again]")).not.toBeNull();
});

it("what Stripe says is paid but we have not recorded is called exactly that, and looked at again", async () => {
  const document = await page({ state: "paid", total: { amountMinor: 5000n, currency: "CAD" } });
  expect(text(document, "main")).toContain("Stripe says that $50.00 is paid. Our own record follows in a moment");
  expect(text(document, "main")).not.toContain("is recorded");
  expect(document.querySelector("main[data-look-again]")).not.toBeNull();
  expect(document.querySelector(".actions a")?.getAttribute("href")).toBe("/thanks/cs_1");
});

it("an unpaid, expired or unknown session thanks nobody and claims nothing", async () => {
  const states: ThanksState[] = [
    { state: "open", url: "https://checkout.stripe.com/c/pay/cs_1", backPath: "/funds/families" },
    { state: "expired", backPath: "/funds/families" },
    { state: "failed", backPath: "/funds/families" },
    { state: "unknown" },
  ];
  for (const state of states) {
    const main = text(await page(state), "main");
    expect(main).not.toMatch(/thank you|is recorded/iu);
  }
  expect(text(await page(states[0] as ThanksState), "main")).toContain("Nothing was taken.");
});

it("the page says confirmation, and that it is not an official receipt", async () => {
  const document = await page({
    state: "booked",
    currency: "CAD",
    gifts: [{ amountMinor: 5000n, repeats: null, fund }],
    sales: [],
    shippingMinor: 0n,
    returnedMinor: 0n,
  });
  expect(text(document, "main")).toContain("This page is your confirmation");
  expect(text(document, "main")).toContain("not an official receipt");
});
