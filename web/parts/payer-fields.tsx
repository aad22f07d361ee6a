import type { Show } from "../../src/core/order.ts";
import { noteLengthMax } from "../../src/core/refusal.ts";
import { giveWords as words } from "../locales/en/give.ts";
import { describedBy, Field, FieldError } from "./field.tsx";

/** What both forms that lead to Stripe ask of a person. */
export type PayerValues = { email: string; show: Show; note: string };

type Errors = Partial<Record<keyof PayerValues, string>>;

/** Where the confirmation goes; Stripe asks for it too. */
export function EmailField({ values, errors }: { values: Pick<PayerValues, "email">; errors: Errors }) {
  return (
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
  );
}

type ShownFieldsProps = { values: Pick<PayerValues, "show" | "note">; errors: Errors; legend: string };

/** Whether and how a gift is shown under "Recent gifts", and the note beside it. */
export function ShownFields({ values, errors, legend }: ShownFieldsProps) {
  return (
    <>
      <fieldset
        class={errors.show === undefined ? "choices" : "choices wrong"}
        {...describedBy("show", undefined, errors.show)}
      >
        <legend>{legend}</legend>
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
