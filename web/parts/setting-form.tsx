import type { Child } from "hono/jsx";
import { settingWords as words } from "../locales/en/settings.ts";
import { describedBy, ErrorSummary, Field, FieldError, type Errors } from "./field.tsx";

type Common = { name: string; label: string; hint?: string | undefined };
export type Option = { value: string; label: string };

/** One question of a form of settings. */
export type Question =
  | (Common & { as: "text" | "short" | "day" | "area" | "money" })
  /** `accept` is what a browser offers; pictures if not said. */
  | (Common & { as: "file"; accept?: string })
  | (Common & { as: "choice"; options: readonly Option[] })
  /** One of several, or several of several: those in a field `<name>.<value>` each that says "yes". */
  | (Common & { as: "radios" | "several"; options: readonly Option[] })
  /** What cannot be changed any more. */
  | { as: "fixed"; label: string; text: string };

export type Section = { heading?: string; questions: readonly Question[] };

type SettingFormProps = {
  action: string;
  sections: readonly Section[];
  values: Record<string, string>;
  errors: Errors;
  button: string;
  back?: string;
  upload?: boolean;
  /** A mark of what the form shows, which it brings back. */
  opened?: string | undefined;
  /** A form beside the page's main one. */
  quiet?: boolean;
  children?: Child;
};

/** A form of settings: one column, each question with its label above and its error in words beside it. */
export function SettingForm({
  action,
  sections,
  values,
  errors,
  button,
  back,
  upload = false,
  opened,
  quiet = false,
  children,
}: SettingFormProps) {
  return (
    <form
      class="setting"
      method="post"
      action={action}
      novalidate
      {...(upload ? { enctype: "multipart/form-data" } : {})}
    >
      {opened === undefined ? null : <input type="hidden" name="opened" value={opened} />}
      {sections.map(({ heading, questions }) => (
        <div class={questions.every(({ as }) => as === "money") ? "questions amounts" : "questions"}>
          {heading === undefined ? null : <h2>{heading}</h2>}
          {questions.map((question) => (
            <Asked question={question} values={values} errors={errors} />
          ))}
        </div>
      ))}
      {children}
      <p class="actions">
        <button class={quiet ? "btn quiet" : "btn"} type="submit">
          {button}
        </button>
        {back === undefined ? null : (
          <a class="btn quiet" href={back}>
            {words.back}
          </a>
        )}
      </p>
    </form>
  );
}

/** What was wrong with a form, leading to its fields. */
export function SettingErrors({ errors, sections }: { errors: Errors; sections: readonly Section[] }) {
  const targets = Object.fromEntries(
    sections.flatMap(({ questions }) => questions.map((question) => targetOf(question))).filter(([, id]) => id !== ""),
  );
  return <ErrorSummary errors={errors} targets={targets} />;
}

function targetOf(question: Question): [string, string] {
  if (question.as === "fixed") return ["", ""];
  const { name } = question;
  if (question.as === "radios" || question.as === "several") return [name, `${name}-${question.options[0]?.value}`];
  return [name, name];
}

type AskedProps = { question: Question; values: Record<string, string>; errors: Errors };

function Asked({ question, values, errors }: AskedProps) {
  if (question.as === "fixed") {
    return (
      <p class="fixed">
        <span>{question.label}</span> {question.text}
      </p>
    );
  }
  const { name, label, hint } = question;
  const error = errors[name];
  if (question.as === "radios" || question.as === "several")
    return <Group question={question} {...{ values, error }} />;
  const value = values[name] ?? "";
  const described = describedBy(name, hint, error);
  return (
    <Field name={name} label={label} error={error} {...(hint === undefined ? {} : { hint })}>
      {question.as === "choice" ? (
        <select id={name} name={name} {...described}>
          {question.options.map((option) => (
            <option value={option.value} selected={option.value === value}>
              {option.label}
            </option>
          ))}
        </select>
      ) : question.as === "area" ? (
        <textarea id={name} name={name} rows={4} {...described}>
          {value}
        </textarea>
      ) : (
        <input
          id={name}
          name={name}
          type={question.as === "day" ? "date" : question.as === "file" ? "file" : "text"}
          {...(question.as === "file" ? { accept: question.accept ?? "image/png,image/jpeg,image/webp" } : { value })}
          {...(["money", "day", "short"].includes(question.as) ? { class: "short" } : {})}
          {...(question.as === "money" ? { inputmode: "decimal" } : {})}
          {...described}
        />
      )}
    </Field>
  );
}

type GroupProps = {
  question: Extract<Question, { as: "radios" | "several" }>;
  values: Record<string, string>;
  error: string | undefined;
};

function Group({ question: { as, name, label, hint, options }, values, error }: GroupProps) {
  const { "aria-describedby": description } = describedBy(name, hint, error);
  return (
    <fieldset
      class={error === undefined ? "choices" : "choices wrong"}
      {...(description === undefined ? {} : { "aria-describedby": description })}
    >
      <legend>{label}</legend>
      {hint === undefined ? null : (
        <p class="hint" id={`${name}-hint`}>
          {hint}
        </p>
      )}
      <FieldError name={name} error={error} />
      {options.map(({ value, label: text }) => (
        <label class="choice">
          {as === "radios" ? (
            <input type="radio" id={`${name}-${value}`} name={name} value={value} checked={values[name] === value} />
          ) : (
            <input
              type="checkbox"
              id={`${name}-${value}`}
              name={`${name}.${value}`}
              value="yes"
              checked={values[`${name}.${value}`] === "yes"}
            />
          )}
          <span>{text}</span>
        </label>
      ))}
    </fieldset>
  );
}
