import { parseAmount } from "../../src/core/money.ts";

/** The radio buttons and the field that together say an amount. */
export type AmountFields = { choices: HTMLInputElement[]; other: HTMLInputElement; currency: string };

/** Finds the amount fields of a form by their names; null when the form has none. */
export function amountFields(form: HTMLFormElement, choice: string, other: string): AmountFields | null {
  const choices = [...form.querySelectorAll<HTMLInputElement>(`input[name="${choice}"]`)];
  const field = form.querySelector<HTMLInputElement>(`input[name="${other}"]`);
  if (field === null) return null;
  return { choices, other: field, currency: form.dataset["currency"] ?? "CAD" };
}

/** The amount as it would be sent, in minor units; null while it cannot be read. A typed amount wins over a tile. */
export function chosenMinor({ choices, other, currency }: AmountFields): bigint | null {
  if (other.value.trim() !== "") {
    const parsed = parseAmount(other.value, currency);
    return parsed.ok ? parsed.amountMinor : null;
  }
  const chosen = choices.find((choice) => choice.checked)?.value ?? "";
  return /^\d{1,15}$/u.test(chosen) ? BigInt(chosen) : null;
}

/** Keeps tiles and field in step: typing takes the mark off the tiles, choosing a tile empties the field. */
export function keepInStep({ choices, other }: AmountFields, changed: () => void): void {
  other.addEventListener("input", () => {
    if (other.value.trim() !== "") for (const choice of choices) choice.checked = false;
    changed();
  });
  for (const choice of choices) {
    choice.addEventListener("change", () => {
      other.value = "";
      changed();
    });
  }
}
