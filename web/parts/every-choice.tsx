import type { Every } from "../../src/core/order.ts";
import { giveWords as words } from "../locales/en/give.ts";
import { FieldError } from "./field.tsx";

const choices = ["once", "month", "year"] as const;

/** What was typed as how often to give; whatever it is not stands as once. */
export function everyOf(typed: string): Every {
  return choices.find((choice) => choice === typed) ?? "once";
}

type EveryChoiceProps = {
  value: string;
  error: string | undefined;
  /** Whom to write to in order to stop a gift that repeats. */
  contact: string;
};

/** Once, monthly or yearly, as one bar of three; under it what a gift that repeats means. */
export function EveryChoice({ value, error, contact }: EveryChoiceProps) {
  const chosen = error === undefined ? everyOf(value) : null;
  return (
    <fieldset class={error === undefined ? "every" : "every wrong"}>
      <legend class="unseen">{words.everyLegend}</legend>
      <FieldError name="every" error={error} />
      <div class="seg">
        {choices.map((choice) => (
          <label>
            <input
              type="radio"
              id={`every-${choice}`}
              name="every"
              value={choice}
              checked={choice === chosen}
              {...describedByMeaning(choice, error)}
            />
            <span>{words.every[choice]}</span>
          </label>
        ))}
      </div>
      {(["month", "year"] as const).map((choice) => (
        <p class="hint" id={`every-${choice}-hint`} data-when={choice}>
          {words.repeats[choice](contact)}
        </p>
      ))}
    </fieldset>
  );
}

function describedByMeaning(choice: Every, error: string | undefined): { "aria-describedby"?: string } {
  const ids = [choice === "once" ? null : `every-${choice}-hint`, error === undefined ? null : "every-error"];
  const known = ids.filter((id) => id !== null);
  return known.length === 0 ? {} : { "aria-describedby": known.join(" ") };
}
