import { formatMoney } from "../../src/core/money.ts";
import { giveWords as words } from "../locales/en/give.ts";
import { amountFields, chosenMinor, keepInStep } from "./amount.ts";

/** Makes the give form's button say what it will do: "Give $50.00 once", "Give $20.00 every month". */
export function followGift(document: Document): void {
  const form = document.querySelector<HTMLFormElement>("form[data-give]");
  const amount = form?.querySelector<HTMLElement>("[data-amount]") ?? null;
  const often = form?.querySelector<HTMLElement>("[data-every]") ?? null;
  const fields = form === null ? null : amountFields(form, "amount", "other");
  if (form === null || amount === null || often === null || fields === null) return;
  const choices = [...form.querySelectorAll<HTMLInputElement>('input[name="every"]')];
  const say = () => {
    const amountMinor = chosenMinor(fields);
    const known = amountMinor !== null && amountMinor > 0n;
    amount.textContent = known ? `${formatMoney({ amountMinor, currency: fields.currency })} ` : "";
    often.textContent = oftenInWords(choices.find((choice) => choice.checked)?.value);
  };
  keepInStep(fields, say);
  for (const choice of choices) choice.addEventListener("change", say);
  // A browser that restores the form after "Back" does so without an event of the fields.
  window.addEventListener("pageshow", say);
  say();
}

function oftenInWords(every: string | undefined): string {
  return every === "month" || every === "year" ? words.buttonEvery[every] : words.buttonEvery.once;
}
