import { expect, it } from "vitest";
import { readBasket } from "../../src/core/basket.ts";
import { CampaignPage, type CampaignPageProps } from "../../web/pages/campaign.tsx";
import { emptyShop } from "../../web/parts/shop-form.tsx";
import { frame, pin, pinTotal, shirts } from "./story.ts";
import { sizeRuns } from "../../web/parts/size-run.ts";
import { fields, render, text, texts } from "./render.ts";

const order = "alm_0123456789abcdef01234567";
const form = { order, values: emptyShop(), errors: {}, quantityErrors: {}, cameBack: false };
const props: CampaignPageProps = {
  frame,
  campaign: shirts,
  total: pinTotal,
  today: "2026-11-21",
  giftPresetsMinor: [500n, 1000n],
  form,
};
const page = async (changes: Partial<CampaignPageProps> = {}) => await render(<CampaignPage {...props} {...changes} />);

it("a shop says what becomes of the money, how many were sold, and what shipping costs", async () => {
  const main = text(await page(), "main");
  expect(main).toContain("$4.55 of every $5.00 pin goes to the Families fund.");
  expect(main).toContain("45 pieces sold so far.");
  expect(main).toContain("Shipping is $12.00 an order");
});

it("the form's own fields are read as an order by the same rules that take it", async () => {
  const document = await page();
  const shirt = document.querySelector<HTMLInputElement>("[name='q.t-shirt.m']");
  if (shirt === null) throw new Error("there is no shirt");
  shirt.value = "2";
  const asked = { campaign: shirts, presetsMinor: [500n, 1000n], today: "2026-11-21", freshOrder: order };
  const { submitted } = readBasket(fields(document, "#order"), asked);
  if (!submitted.ok) throw new Error(JSON.stringify(submitted.refusals));
  expect(submitted.order.id).toBe(order);
  expect(submitted.order.lines).toMatchObject([
    { kind: "sale", quantity: 2, variant: { slug: "m", priceMinor: 2500n, left: null } },
  ]);
});

it("a shop of a single thing starts with one of it, any other with none", async () => {
  expect(fields(await page({ campaign: pin }), "#order")["q.pin.one"]).toBe("1");
  expect(fields(await page(), "#order")["q.sticker.one"]).toBe("0");
});

it("every quantity is named by its item and its variant", async () => {
  const document = await page();
  expect(texts(document, "label[for='q.t-shirt.m']")).toEqual(["T-shirt: M"]);
  expect(texts(document, "label[for='q.sticker.one']")).toEqual(["Sticker: How many"]);
});

it("an item of many sizes is one line a colour, every field still named in full, its price said once", async () => {
  const variants = ["Black", "White"].flatMap((color) =>
    ["S", "M", "L"].map((size) => ({
      slug: `${color}-${size}`.toLowerCase(),
      name: `${color}, ${size}`,
      priceMinor: 2500n,
      left: null,
    })),
  );
  const campaign = {
    ...shirts,
    items: [{ slug: "t-shirt", name: "T-shirt", description: "", picture: null, variants }],
  };
  const quantityErrors = { "q.t-shirt.white-m": "At most 99 of each." };
  const document = await page({ campaign, form: { ...form, quantityErrors } });
  expect(texts(document, ".run-name")).toEqual(["Black", "White"]);
  expect(texts(document, ".run label")).toContain("T-shirt: White, M");
  expect(texts(document, ".item .num")).toEqual(["$25.00"]);
  expect(text(document, ".run.wrong .error")).toBe("At most 99 of each.");
  expect(fields(document, "#order")).toMatchObject({ "q.t-shirt.black-s": "0", "q.t-shirt.white-l": "0" });
});

it("names that are not colour and size stay a plain list", () => {
  const named = (names: string[]) => sizeRuns(names.map((name) => ({ slug: name, name, priceMinor: 1n, left: null })));
  expect(named(["S", "M", "L", "XL", "XXL"])).toBeNull();
  expect(named(["Black, S", "Black, M"])).toBeNull();
  expect(named(["a, b, c", "a, b", "a, c", "a, d", "a, e"])).toBeNull();
});

it("a wrong quantity is said beside it and kept", async () => {
  const values = { ...emptyShop(), quantities: { "q.t-shirt.s": "200" } };
  const document = await page({ form: { ...form, values, quantityErrors: { "q.t-shirt.s": "At most 99 of each." } } });
  expect(document.querySelector<HTMLInputElement>("[name='q.t-shirt.s']")?.value).toBe("200");
  expect(document.querySelector(".error-summary a")?.getAttribute("href")).toBe("#q.t-shirt.s");
  expect(text(document, "[id='q.t-shirt.s-error']")).toBe("At most 99 of each.");
});

it("an empty order leads back to the first quantity", async () => {
  const document = await page({ form: { ...form, errors: { quantities: "Choose at least one piece" } } });
  expect(document.querySelector(".error-summary a")?.getAttribute("href")).toBe("#q.t-shirt.s");
});

it("where no gift can be given on top, none is offered", async () => {
  expect((await page({ giftPresetsMinor: [] })).querySelector("[name=gift], [name=giftOther], [name=show]")).toBeNull();
});

it("before it starts and after it ends a sale shows no form and says when", async () => {
  const early = await page({ campaign: { ...shirts, startsOn: "2026-12-01" } });
  expect(early.querySelector("main form")).toBeNull();
  expect(text(early, "main")).toContain("Sale starts on 1 December 2026.");
  const late = await page({ campaign: { ...shirts, endsOn: "2026-11-20" } });
  expect(text(late, "main")).toContain("The sale ended on 20 November 2026.");
  expect((await page({ campaign: { ...shirts, endsOn: "2026-11-21" } })).querySelector("main form")).not.toBeNull();
});
