import { formatMoney } from "../../src/core/money.ts";
import { amountFields, chosenMinor, keepInStep } from "./amount.ts";

/** Makes the give form's button say what it will do: "Give $50.00 once". */
export function followGift(document: Document): void {
  const form = document.querySelector<HTMLFormElement>("form[data-give]");
  const label = form?.querySelector<HTMLElement>("[data-amount]");
  const fields = form === null ? null : amountFields(form, "amount", "other");
  if (form === null || label === null || label === undefined || fields === null) return;
  const say = () => {
    const amountMinor = chosenMinor(fields);
    const known = amountMinor !== null && amountMinor > 0n;
    label.textContent = known ? `${formatMoney({ amountMinor, currency: fields.currency })} ` : "";
  };
  keepInStep(fields, say);
  // A browser that restores the form after "Back" does so without an event of the fields.
  window.addEventListener("pageshow", say);
  say();
}
