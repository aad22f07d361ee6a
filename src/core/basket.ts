import { z } from "zod";
import type { Campaign } from "./campaign.ts";
import type { Fields, Submitted } from "./give.ts";
import { giveFields, giftLimits, isOpen, readGift, readPerson } from "./give.ts";
import type { Order, OrderLine } from "./order.ts";
import type { Refusal } from "./refusal.ts";
import { basketLinesMax, quantityMax } from "./refusal.ts";

/**
 * The shop form: quantities in `q.<item>.<variant>`, a gift on top in `gift` (a preset in minor units, "other",
 * or "0" or empty for none) and `giftOther`.
 */
const basketFields = z.object({
  gift: giveFields.shape.amount,
  giftOther: giveFields.shape.other,
  ...giveFields.omit({ every: true, amount: true, other: true }).shape,
});

/** What was typed, kept to be shown again; `quantities` by field name, such as `q.sticker.one`. */
export type BasketTyped = z.infer<typeof basketFields> & { quantities: Record<string, string> };

/** The field in which a variant's quantity is asked. Slugs have no dots, so that it is unambiguous. */
export function quantityField(itemSlug: string, variantSlug: string): string {
  return `q.${itemSlug}.${variantSlug}`;
}

type Asked = {
  campaign: Campaign;
  /** Suggested gifts on top, those of the campaign's fund. */
  presetsMinor: readonly bigint[];
  /** Local day at the campaign's organisation. */
  today: string;
  freshOrder: string;
};

/** Reads the shop form of a campaign: an order with its lines, or everything that was wrong. */
export function readBasket(
  fields: Fields,
  { campaign, presetsMinor, today, freshOrder }: Asked,
): { typed: BasketTyped; submitted: Submitted } {
  const quantities = Object.fromEntries(
    Object.entries(fields)
      .filter(([name]) => name.startsWith("q."))
      .map(([name, value]) => [name, value.slice(0, 20)]),
  );
  const typed = { ...basketFields.parse(fields), quantities };
  const person = readPerson(typed, freshOrder);
  const { lines, refusals } = readLines(quantities, campaign);
  refusals.push(...person.refusals);
  if (!["", "0"].includes(typed.gift) || typed.giftOther !== "") {
    const question = { chosen: typed.gift, typed: typed.giftOther, fields: { chosen: "gift", typed: "giftOther" } };
    const gift = readGift(question, presetsMinor, campaign.currency);
    if (gift.ok) lines.push({ kind: "gift", fund: campaign.fund, amountMinor: gift.amountMinor });
    else refusals.push(gift.refusal);
  }
  if (!isOpen(campaign, today)) refusals.unshift({ field: "form", reason: "closed" });
  refusals.push(...readSum(lines, campaign, refusals));
  if (refusals.length > 0) return { typed, submitted: { ok: false, refusals } };
  const ships = lines.some((line) => line.kind === "sale");
  const order: Order = {
    ...person.order,
    currency: campaign.currency,
    account: campaign.account,
    lines,
    shippingMinor: ships ? campaign.shippingMinor : null,
    every: "once",
    backPath: `/campaigns/${campaign.slug}`,
  };
  return { typed, submitted: { ok: true, order } };
}

function readLines(
  quantities: Record<string, string>,
  campaign: Campaign,
): { lines: OrderLine[]; refusals: Refusal[] } {
  const lines: OrderLine[] = [];
  const refusals: Refusal[] = [];
  const wanted = new Map(Object.entries(quantities).map(([name, value]) => [name, value.trim()]));
  for (const item of campaign.items) {
    for (const variant of item.variants) {
      const field = quantityField(item.slug, variant.slug);
      const read = readQuantity(wanted.get(field) ?? "");
      wanted.delete(field);
      if (!read.ok) refusals.push({ field, reason: read.reason });
      if (!read.ok || read.quantity === 0) continue;
      const { left } = variant;
      if (left !== null && BigInt(read.quantity) > left) {
        refusals.push({ field, reason: "too few left", left });
        continue;
      }
      lines.push({
        kind: "sale",
        campaign: { slug: campaign.slug },
        item: { slug: item.slug, name: item.name },
        variant,
        quantity: read.quantity,
      });
    }
  }
  // What is left has no field on the page any more, so that the refusal is of the whole choice.
  const isGone = [...wanted.values()].some((value) => value !== "" && value !== "0");
  if (isGone) refusals.push({ field: "quantities", reason: "not for sale" });
  return { lines, refusals };
}

type Quantity = { ok: true; quantity: number } | { ok: false; reason: "not a quantity" | "too many" };

function readQuantity(value: string): Quantity {
  if (value === "") return { ok: true, quantity: 0 };
  if (!/^\d{1,15}$/u.test(value)) return { ok: false, reason: "not a quantity" };
  const quantity = Number(value);
  return quantity <= quantityMax ? { ok: true, quantity } : { ok: false, reason: "too many" };
}

/** What only the whole basket can be refused for. An empty one is not named beside a mistake that emptied it. */
function readSum(
  lines: readonly OrderLine[],
  { currency, shippingMinor }: Campaign,
  earlier: readonly Refusal[],
): Refusal[] {
  if (lines.length === 0) return earlier.length === 0 ? [{ field: "quantities", reason: "empty basket" }] : [];
  if (lines.length > basketLinesMax) return [{ field: "form", reason: "basket too large" }];
  const goods = lines.reduce((sum, line) => sum + lineMinor(line), 0n);
  const { leastMinor, mostMinor } = giftLimits(currency);
  const sum = goods + (shippingMinor ?? 0n);
  if (sum > mostMinor)
    return [{ field: "form", reason: "amount too large", limit: { amountMinor: mostMinor, currency } }];
  if (sum < leastMinor)
    return [{ field: "form", reason: "amount too small", limit: { amountMinor: leastMinor, currency } }];
  return [];
}

/** What a line costs in minor units. */
export function lineMinor(line: OrderLine): bigint {
  return line.kind === "gift" ? line.amountMinor : line.variant.priceMinor * BigInt(line.quantity);
}
