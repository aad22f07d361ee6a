import type { Child } from "hono/jsx";
import { giveWords } from "../locales/en/give.ts";

/** Errors by field name; `form` belongs to no single field. */
export type Errors = Record<string, string | undefined>;

/** What a form shows: what was typed, what is wrong with it, and the number that makes sending it twice harmless. */
export type FormState<Values> = {
  /** The order's id, sent along in the hidden field `order`. */
  order: string;
  values: Values;
  errors: Partial<Record<keyof Values | "form", string>>;
  /** True when the person returned from Stripe without paying (`?came-back=1`). */
  cameBack: boolean;
};

type TextFieldProps = {
  name: string;
  label: string;
  hint?: string;
  error: string | undefined;
  children: Child;
};

/** The ids that describe the field called `name`, for its `aria-describedby`. */
export function describedBy(
  name: string,
  hint: string | undefined,
  error: string | undefined,
): { "aria-describedby"?: string; "aria-invalid"?: "true" } {
  const ids = [hint === undefined ? null : `${name}-hint`, error === undefined ? null : `${name}-error`].filter(
    (id) => id !== null,
  );
  return {
    ...(ids.length === 0 ? {} : { "aria-describedby": ids.join(" ") }),
    ...(error === undefined ? {} : { "aria-invalid": "true" as const }),
  };
}

/** A label above, a hint, the error in words, then the input. */
export function Field({ name, label, hint, error, children }: TextFieldProps) {
  return (
    <div class={error === undefined ? "field" : "field wrong"}>
      <label for={name}>{label}</label>
      {hint === undefined ? null : (
        <p class="hint" id={`${name}-hint`}>
          {hint}
        </p>
      )}
      <FieldError name={name} error={error} />
      {children}
    </div>
  );
}

/** The error of one field, in words, beside it. */
export function FieldError({ name, error }: { name: string; error: string | undefined }) {
  if (error === undefined) return null;
  return (
    <p class="error" id={`${name}-error`}>
      {error}
    </p>
  );
}

/** All errors of a form, first on the page; each leads to its field. `targets` maps a field to the id to jump to. */
export function ErrorSummary({ errors, targets }: { errors: Errors; targets: Record<string, string> }) {
  const lines = Object.entries(errors).filter((entry): entry is [string, string] => entry[1] !== undefined);
  if (lines.length === 0) return null;
  return (
    <div class="error-summary" role="alert" tabindex={-1} data-focus>
      <h2>{giveWords.errorsHeading}</h2>
      <ul>
        {lines.map(([name, text]) => (
          <li>{targets[name] === undefined ? text : <a href={`#${targets[name]}`}>{text}</a>}</li>
        ))}
      </ul>
    </div>
  );
}
