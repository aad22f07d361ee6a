import type { Fund } from "../../src/core/fund.ts";
import { formatMoney } from "../../src/core/money.ts";
import { giveWords as words } from "../locales/en/give.ts";
import { AmountChoice } from "./amount-choice.tsx";
import { EveryChoice, everyOf } from "./every-choice.tsx";
import type { FormState } from "./field.tsx";
import { EmailField, ShownFields, type PayerValues } from "./payer-fields.tsx";

/**
 * What the give form sends to `POST /funds/:slug/give`, all as typed. `every` is once, month or year; `amount` is a
 * preset's minor units, or blank; `other` is a typed amount and, when it is not blank, wins over `amount`.
 */
export type GiveValues = PayerValues & { every: string; amount: string; other: string };

/** Where an error of each field leads; without tiles the amount is the typed one. */
export function giveTargets({ presetsMinor }: Pick<Fund, "presetsMinor">): Record<keyof GiveValues, string> {
  const amount = presetsMinor.length === 0 ? "other" : "amount";
  return { every: "every-once", amount, other: "other", email: "email", show: "show-nothing", note: "note" };
}

/** The form as a donor first sees it: once, the second preset chosen, the gift shown only if the donor says so. */
export function emptyGive(fund: Pick<Fund, "presetsMinor">): GiveValues {
  const preset = fund.presetsMinor[1] ?? fund.presetsMinor[0];
  const amount = preset === undefined ? "" : String(preset);
  return { every: "once", amount, other: "", email: "", show: "nothing", note: "" };
}

/** The form that leads to Stripe Checkout. Works without script; with it the button says what will happen. */
export function GiveForm({ fund, form }: { fund: Fund; form: FormState<GiveValues> }) {
  const { values, errors } = form;
  const receiver = fund.organisations[0]?.legalName ?? fund.name;
  return (
    <form
      class="panel"
      id="give"
      method="post"
      action={`/funds/${fund.slug}/give`}
      novalidate
      data-give
      data-currency={fund.currency}
    >
      <h2>{words.heading}</h2>
      <input type="hidden" name="order" value={form.order} />
      {fund.lasting ? (
        <EveryChoice value={values.every} error={errors.every} contact={fund.organisations[0]?.contact ?? receiver} />
      ) : (
        <p class="hint">{words.onceOnly}</p>
      )}
      <AmountChoice
        names={{ choice: "amount", other: "other" }}
        legend={words.amount}
        currency={fund.currency}
        presetsMinor={fund.presetsMinor}
        values={{ choice: values.amount, other: values.other }}
        errors={{ choice: errors.amount, other: errors.other }}
      />
      <EmailField values={values} errors={errors} />
      <ShownFields values={values} errors={errors} legend={words.show} />
      <button class="btn wide" type="submit">
        <span>
          {`${words.button} `}
          <span data-amount>{chosenAmount(values, fund.currency)}</span>
          <span data-every>{words.buttonEvery[everyOf(values.every)]}</span>
        </span>
      </button>
      <p class="tiny soft">{words.payment(receiver)}</p>
    </form>
  );
}

/** The amount on the button before any script runs, with a space behind it; empty when a typed one decides. */
function chosenAmount({ amount, other }: GiveValues, currency: string): string {
  if (other.trim() !== "" || !/^\d{1,12}$/u.test(amount)) return "";
  return `${formatMoney({ amountMinor: BigInt(amount), currency })} `;
}
