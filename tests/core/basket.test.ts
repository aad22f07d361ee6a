import { describe, expect, it } from "vitest";
import { readBasket } from "../../src/core/basket.ts";
import type { Campaign } from "../../src/core/campaign.ts";
import type { Fields } from "../../src/core/give.ts";

const campaign: Campaign = {
  slug: "we-are-karabakh",
  name: "We Are Karabakh",
  kind: "merchandise",
  description: "",
  fund: { slug: "goods", name: "Goods" },
  currency: "CAD",
  account: "alov",
  startsOn: "2020-10-01",
  endsOn: "2023-08-31",
  shippingMinor: 1200n,
  promise: null,
  remark: null,
  picture: null,
  items: [
    {
      slug: "sticker",
      name: "Sticker",
      description: "",
      picture: null,
      variants: [{ slug: "one", name: "", priceMinor: 50n, left: null }],
    },
    {
      slug: "shirt",
      name: "T-shirt",
      description: "",
      picture: null,
      variants: [
        { slug: "m", name: "M", priceMinor: 2500n, left: null },
        { slug: "l", name: "L", priceMinor: 2600n, left: null },
      ],
    },
  ],
};
const read = (fields: Fields, of = campaign, today = "2021-01-01") =>
  readBasket(fields, { campaign: of, presetsMinor: [1000n], today, freshOrder: "alm_0123456789abcdef0123" });
const reasons = (fields: Fields, of = campaign, today?: string) => {
  const { submitted } = read(fields, of, today);
  return submitted.ok ? [] : submitted.refusals.map(({ field, reason }) => `${field}: ${reason}`);
};

describe("a basket", () => {
  it("becomes an order with a line for each thing, shipping once, and the gift on top", () => {
    const { submitted } = read({
      "q.sticker.one": "2",
      "q.shirt.m": "",
      "q.shirt.l": "1",
      gift: "other",
      giftOther: "7.50",
    });
    expect(submitted).toMatchObject({
      ok: true,
      order: {
        account: "alov",
        shippingMinor: 1200n,
        every: "once",
        backPath: "/campaigns/we-are-karabakh",
        lines: [
          { kind: "sale", item: { slug: "sticker" }, variant: { priceMinor: 50n, left: null }, quantity: 2 },
          { kind: "sale", item: { slug: "shirt" }, variant: { slug: "l", priceMinor: 2600n, left: null }, quantity: 1 },
          { kind: "gift", fund: { slug: "goods" }, amountMinor: 750n },
        ],
      },
    });
  });

  it("of a gift alone ships nothing", () => {
    expect(read({ gift: "1000" }).submitted).toMatchObject({ ok: true, order: { shippingMinor: null } });
  });

  it.each([
    [{}, "quantities: empty basket"],
    [{ "q.sticker.one": "0", gift: "0" }, "quantities: empty basket"],
    [{ "q.sticker.one": "100" }, "q.sticker.one: too many"],
    [{ "q.sticker.one": "-1" }, "q.sticker.one: not a quantity"],
    [{ "q.sticker.one": "1.5" }, "q.sticker.one: not a quantity"],
    [{ "q.mug.one": "1" }, "quantities: not for sale"],
    [{ "q.shirt.l": "1", gift: "other", giftOther: "0.10" }, "giftOther: amount too small"],
    [{ "q.shirt.l": "1", gift: "other" }, "giftOther: no amount"],
    [{ "q.shirt.l": "1", email: "nobody" }, "email: not an e-mail address"],
    [{ "q.shirt.l": "1", note: "x".repeat(200) }, "note: note too long"],
  ])("%o is refused: %s", (fields, refusal) => {
    expect(reasons(fields)).toEqual([refusal]);
  });

  it("that costs less than can be paid online is refused", () => {
    expect(reasons({ "q.sticker.one": "1" }, { ...campaign, shippingMinor: null })).toEqual(["form: amount too small"]);
  });

  it("that costs more than can be paid at once is refused", () => {
    const dear = structuredClone(campaign);
    dear.items = [
      {
        slug: "bell",
        name: "Bell",
        description: "",
        picture: null,
        variants: [{ slug: "one", name: "", priceMinor: 200_000n, left: null }],
      },
    ];
    expect(reasons({ "q.bell.one": "51" }, dear)).toEqual(["form: amount too large"]);
  });

  it("is refused before the first and after the last day of the campaign, and taken on both", () => {
    const one = { "q.shirt.l": "1" };
    expect(reasons(one, campaign, "2020-09-30")).toEqual(["form: closed"]);
    expect(reasons(one, campaign, "2023-09-01")).toEqual(["form: closed"]);
    expect([reasons(one, campaign, "2020-10-01"), reasons(one, campaign, "2023-08-31")]).toEqual([[], []]);
  });

  it("keeps what was typed", () => {
    expect(read({ "q.shirt.l": "lots", gift: "", giftOther: "", email: "x", show: "name", note: "n" }).typed).toEqual({
      quantities: { "q.shirt.l": "lots" },
      gift: "",
      giftOther: "",
      email: "x",
      show: "name",
      note: "n",
      order: "",
    });
  });
});
