import type { Child } from "hono/jsx";
import { describedBy, Field } from "./field.tsx";

type InputProps = {
  name: string;
  label: string;
  hint?: string;
  error?: string | undefined;
  value?: string;
  type?: "text" | "email" | "password";
  /** What a browser may fill in: https://html.spec.whatwg.org/#autofill */
  autocomplete?: string;
  maxlength?: number;
  /** Shown to be copied. */
  isReadOnly?: boolean;
};

/** One line to type into, with its label, hint and error. */
export function Input({
  name,
  label,
  hint,
  error,
  value,
  type = "text",
  autocomplete = "off",
  maxlength = 300,
  isReadOnly = false,
}: InputProps) {
  return (
    <Field name={name} label={label} error={error} {...(hint === undefined ? {} : { hint })}>
      <input
        id={name}
        name={name}
        type={type}
        autocomplete={autocomplete}
        maxlength={maxlength}
        readonly={isReadOnly}
        {...(value === undefined ? {} : { value })}
        {...describedBy(name, hint, error)}
      />
    </Field>
  );
}

/** A choice of one out of some that are too many for buttons. */
export function Select({
  name,
  label,
  hint,
  error,
  children,
}: Pick<InputProps, "name" | "label" | "hint" | "error"> & { children: Child }) {
  return (
    <Field name={name} label={label} error={error} {...(hint === undefined ? {} : { hint })}>
      <select id={name} name={name} {...describedBy(name, hint, error)}>
        {children}
      </select>
    </Field>
  );
}
