import { formatMoney } from "../../src/core/money.ts";
import { shopWords as words } from "../locales/en/shop.ts";
import { amountFields, chosenMinor, keepInStep, type AmountFields } from "./amount.ts";
import { calmly } from "./calmly.ts";

/** What an order comes to, in minor units. Shipping is charged once something is bought. */
export type OrderSum = { goods: bigint; gift: bigint; shipping: bigint; total: bigint };

/** Adds up an order: pieces at their prices, a gift on top (null while it cannot be read), flat shipping or none. */
export function orderSum(
  lines: readonly { quantity: number; priceMinor: bigint }[],
  giftMinor: bigint | null,
  shippingMinor: bigint | null,
): OrderSum {
  const goods = lines.reduce((sum, line) => sum + line.priceMinor * BigInt(line.quantity), 0n);
  const buys = lines.some((line) => line.quantity > 0);
  const shipping = buys && shippingMinor !== null ? shippingMinor : 0n;
  const gift = giftMinor ?? 0n;
  return { goods, gift, shipping, total: goods + gift + shipping };
}

/** Shows the running total of the shop's form and gives its quantities buttons for one more and one fewer. */
export function followOrder(document: Document): void {
  const form = document.querySelector<HTMLFormElement>("form[data-shop]");
  const sum = form?.querySelector<HTMLElement>("[data-sum]");
  if (form === null || sum === null || sum === undefined) return;
  const quantities = [...form.querySelectorAll<HTMLInputElement>("input[data-price-minor]")];
  const gift = amountFields(form, "gift", "giftOther");
  const announce = calmly(1_000, (text: string) => {
    const line = form.querySelector("[data-announce]");
    if (line !== null) line.textContent = text;
  });
  const show = (spoken: boolean) => {
    const text = showSum(form, sum, quantities, gift);
    if (spoken) announce(text);
  };
  for (const input of quantities) {
    addSteps(input, () => show(true));
    // What is typed replaces the zero instead of standing beside it.
    input.addEventListener("focus", () => input.select());
    input.addEventListener("input", () => show(true));
  }
  if (gift !== null) keepInStep(gift, () => show(true));
  window.addEventListener("pageshow", () => show(false));
  sum.hidden = false;
  show(false);
}

/** Writes the sums where they belong; returns the sentence that is read aloud. */
function showSum(
  form: HTMLFormElement,
  sum: HTMLElement,
  quantities: readonly HTMLInputElement[],
  gift: AmountFields | null,
): string {
  const currency = form.dataset["currency"] ?? "CAD";
  const shipping = form.dataset["shippingMinor"] ?? "";
  const lines = quantities.map((input) => ({
    quantity: wholeNumber(input.value),
    priceMinor: BigInt(input.dataset["priceMinor"] ?? "0"),
  }));
  const order = orderSum(lines, gift === null ? null : chosenMinor(gift), shipping === "" ? null : BigInt(shipping));
  const money = (amountMinor: bigint) => formatMoney({ amountMinor, currency });
  for (const name of ["goods", "gift", "shipping", "total"] as const) {
    const cell = sum.querySelector(`[data-sum-of="${name}"]`);
    if (cell !== null) cell.textContent = money(order[name]);
  }
  const button = form.querySelector("[data-pay]");
  if (button !== null)
    button.textContent = order.total === 0n ? words.button : words.buttonWithTotal(money(order.total));
  return words.orderAnnounced(money(order.total));
}

/** Larger targets than a number field's own arrows; the field stays as it is for the keyboard. */
function addSteps(input: HTMLInputElement, changed: () => void): void {
  const frame = input.closest<HTMLElement>("[data-stepper]");
  if (frame === null) return;
  const name = input.labels?.[0]?.textContent.trim() ?? "";
  const step = (sign: 1 | -1, text: string, label: string) => {
    const button = input.ownerDocument.createElement("button");
    button.type = "button";
    button.textContent = text;
    button.setAttribute("aria-label", `${label}: ${name}`);
    button.addEventListener("click", () => {
      const most = Number(input.max === "" ? Infinity : input.max);
      input.value = String(Math.min(most, Math.max(0, wholeNumber(input.value) + sign)));
      changed();
    });
    return button;
  };
  frame.prepend(step(-1, "−", words.fewer));
  frame.append(step(1, "+", words.more));
  frame.classList.add("ready");
}

function wholeNumber(text: string): number {
  return /^\d{1,4}$/u.test(text.trim()) ? Number(text.trim()) : 0;
}
