import { formatMoney, moneyParts } from "../../src/core/money.ts";
import { giveWords as words } from "../locales/en/give.ts";
import { describedBy, Field, FieldError } from "./field.tsx";

type AmountChoiceProps = {
  /** Names of the radio buttons (values: minor units) and of the field for another amount. */
  names: { choice: string; other: string };
  legend: string;
  currency: string;
  /** Offered amounts; 0 stands for "no gift". */
  presetsMinor: readonly bigint[];
  noneLabel?: string;
  values: { choice: string; other: string };
  errors: { choice: string | undefined; other: string | undefined };
};

/**
 * Amounts as large tiles and a field for another one. A filled field wins over the tiles, with and without script; the
 * blank placeholder lets the style take the mark off the tiles meanwhile.
 */
export function AmountChoice({ names, legend, currency, presetsMinor, noneLabel, values, errors }: AmountChoiceProps) {
  const otherError = errors.other ?? (presetsMinor.length === 0 ? errors.choice : undefined);
  return (
    <>
      {presetsMinor.length === 0 ? null : (
        <fieldset
          class={errors.choice === undefined ? "amounts" : "amounts wrong"}
          {...describedBy(names.choice, undefined, errors.choice)}
        >
          <legend>{legend}</legend>
          <FieldError name={names.choice} error={errors.choice} />
          <div class="tiles">
            {presetsMinor.map((presetMinor, index) => (
              <Tile
                id={index === 0 ? names.choice : `${names.choice}-${presetMinor}`}
                name={names.choice}
                value={String(presetMinor)}
                label={presetMinor === 0n && noneLabel !== undefined ? noneLabel : roundMoney(presetMinor, currency)}
                checked={values.choice === String(presetMinor)}
              />
            ))}
          </div>
        </fieldset>
      )}
      <Field name={names.other} label={words.other(currency)} error={otherError}>
        <div class="money-input">
          <span aria-hidden="true">{moneyParts({ amountMinor: 0n, currency }).symbol}</span>
          <input
            id={names.other}
            name={names.other}
            inputmode="decimal"
            placeholder=" "
            autocomplete="off"
            maxlength={20}
            value={values.other}
            {...describedBy(names.other, undefined, otherError)}
          />
        </div>
      </Field>
    </>
  );
}

function Tile({
  id,
  name,
  value,
  label,
  checked,
}: {
  id: string;
  name: string;
  value: string;
  label: string;
  checked: boolean;
}) {
  return (
    <label class="tile">
      <input type="radio" id={id} name={name} value={value} checked={checked} />
      <span>{label}</span>
    </label>
  );
}

/** `$50` for whole amounts, `$12.50` for others. */
function roundMoney(amountMinor: bigint, currency: string): string {
  return formatMoney({ amountMinor, currency }).replace(/\.0+$/u, "");
}
