type Values = Record<string, unknown>;

const isValues = (value: unknown): value is Values =>
  typeof value === "object" && value !== null && !Array.isArray(value);
const part = (values: Values, name: string): Values => {
  const value = values[name];
  return isValues(value) ? value : {};
};
const without = (values: Values, ...names: string[]): Values =>
  Object.fromEntries(Object.entries(values).filter(([name]) => !names.includes(name) && name !== "hidden"));

/**
 * The body of an object as versions before 2025-03-31 wrote it: an invoice named its subscription, its charge and its payment
 * intent, these named their invoice, a subscription its period, and a session its shipping.
 */
export function olderBody(object: Values): Values {
  const hidden = part(object, "hidden");
  if (object.object === "invoice") return olderInvoice(object, hidden);
  if (object.object === "subscription") return olderSubscription(object);
  if (object.object === "charge" || object.object === "payment_intent")
    return { ...without(object, "presentment_details"), invoice: hidden.invoice ?? null };
  if (object.object === "checkout.session") {
    const shipping = part(object, "collected_information").shipping_details ?? null;
    return { ...without(object, "collected_information", "presentment_details"), shipping_details: shipping };
  }
  return without(object);
}

function olderInvoice(invoice: Values, hidden: Values): Values {
  const details = part(part(invoice, "parent"), "subscription_details");
  const isOutOfBand = typeof invoice.amount_paid_off_stripe === "number";
  const lines = part(invoice, "lines");
  const data = Array.isArray(lines.data) ? lines.data.filter(isValues).map(olderLine) : [];
  return {
    ...without(invoice, "amount_overpaid", "amount_paid_off_stripe", "parent", "payments", "total_taxes"),
    // What was paid out of band did not count as paid then.
    amount_paid: isOutOfBand ? 0 : invoice.amount_paid,
    charge: hidden.charge ?? null,
    discount: null,
    lines: { ...lines, data },
    paid: invoice.status === "paid",
    paid_out_of_band: isOutOfBand,
    payment_intent: hidden.intent ?? null,
    subscription: details.subscription ?? null,
    subscription_details: { metadata: details.metadata ?? null },
    tax: null,
    total_tax_amounts: [],
  };
}

function olderLine(line: Values): Values {
  const price = part(part(line, "pricing"), "price_details");
  const parent = part(line, "parent");
  const details = part(parent, "subscription_item_details");
  return {
    ...without(line, "parent", "pricing", "quantity_decimal", "subtotal", "taxes"),
    price: { id: price.price ?? null, object: "price", product: price.product ?? null },
    proration: details.proration ?? false,
    subscription_item: details.subscription_item ?? null,
    tax_amounts: [],
    type: parent.type === "subscription_item_details" ? "subscription" : "invoiceitem",
  };
}

function olderSubscription(subscription: Values): Values {
  const items = part(subscription, "items");
  const data = Array.isArray(items.data) ? items.data.filter(isValues) : [];
  return {
    ...without(subscription, "billing_mode", "billing_schedules"),
    current_period_end: data[0]?.current_period_end ?? null,
    current_period_start: data[0]?.current_period_start ?? null,
    discount: null,
    items: { ...items, data: data.map((item) => without(item, "current_period_end", "current_period_start")) },
  };
}
