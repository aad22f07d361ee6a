import type { Show } from "../../src/core/order.ts";
import { noteLengthMax } from "../../src/core/refusal.ts";
import { giveWords as words } from "../locales/en/give.ts";
import { describedBy, Field, FieldError } from "./field.tsx";

export type PayerValues = { email: string; show: Show; note: string };

type PayerFieldsProps = {
  values: PayerValues;
  errors: Partial<Record<keyof PayerValues, string>>;
  showLegend?: string;
};

/** The fields both forms that lead to Stripe end with: e-mail, how the gift is shown, a note. */
export function PayerFields({ values, errors, showLegend = words.show }: PayerFieldsProps) {
  return (
    <>
      <Field name="email" label={words.email} hint={words.emailHint} error={errors.email}>
        <input
          id="email"
          name="email"
          type="email"
          autocomplete="email"
          maxlength={320}
          value={values.email}
          {...describedBy("email", words.emailHint, errors.email)}
        />
      </Field>
      <fieldset
        class={errors.show === undefined ? "choices" : "choices wrong"}
        {...describedBy("show", undefined, errors.show)}
      >
        <legend>{showLegend}</legend>
        <FieldError name="show" error={errors.show} />
        {(["nothing", "gift", "name"] as const).map((show) => (
          <label class="choice">
            <input type="radio" name="show" id={`show-${show}`} value={show} checked={values.show === show} />
            <span>
              {words.showChoices[show].label}
              <small>{words.showChoices[show].hint}</small>
            </span>
          </label>
        ))}
      </fieldset>
      <Field name="note" label={words.note} hint={words.noteHint} error={errors.note}>
        <textarea
          id="note"
          name="note"
          rows={2}
          data-characters-max={noteLengthMax}
          {...describedBy("note", words.noteHint, errors.note)}
        >
          {values.note}
        </textarea>
      </Field>
    </>
  );
}
