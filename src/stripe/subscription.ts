import type { SubscriptionFact } from "../core/fact.ts";
import type { Fields, Origin } from "./field.ts";

/** A subscription as a fact: what somebody promised to give again and again. What was really paid is told by invoices. */
export function subscriptionFact(subscription: Fields, { accountId, fetchedAt }: Origin): SubscriptionFact {
  const items = subscription.list("items");
  const isWhole = subscription.part("items")?.raw("has_more") !== true;
  return {
    kind: "subscription",
    account_id: accountId,
    id: subscription.id(),
    fetched_at: fetchedAt,
    status: subscription.text("status"),
    customer: subscription.reference("customer"),
    currency:
      subscription.optionalCurrency("currency") ?? items[0]?.part("price")?.optionalCurrency("currency") ?? null,
    amount_minor: isWhole ? amountMinor(items) : null,
    every: every(items),
    created: subscription.time("created"),
    cancel_at: subscription.optionalTime("cancel_at"),
    ended_at: subscription.optionalTime("ended_at"),
    metadata: subscription.metadata(),
    status_fetched_at: fetchedAt,
  };
}

/** What all items cost in a period; null when one of them is metered, tiered or priced in parts of a cent. */
function amountMinor(items: Fields[]): string | null {
  let sum = 0n;
  for (const item of items) {
    const price = item.part("price");
    const unit = price?.optionalMinor("unit_amount") ?? null;
    const isMetered = price?.part("recurring")?.raw("usage_type") === "metered";
    const quantity = item.raw("quantity") === undefined ? 1 : item.optionalCount("quantity");
    if (unit === null || isMetered || quantity === null) return null;
    sum += BigInt(unit) * BigInt(quantity);
  }
  return items.length === 0 ? null : String(sum);
}

/** `month`, `year`, or such as `3 month`; null when it is not said, or items differ. */
function every(items: Fields[]): string | null {
  const spans = new Set(items.map(span));
  const [first] = spans;
  return spans.size === 1 && first !== undefined ? first : null;
}

function span(item: Fields): string | null {
  const recurring = item.part("price")?.part("recurring") ?? null;
  const interval = recurring?.optionalText("interval", 20) ?? null;
  if (interval === null) return null;
  const count = recurring?.optionalCount("interval_count") ?? 1;
  return count === 1 ? interval : `${count} ${interval}`;
}
