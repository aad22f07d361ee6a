import { quantityField } from "../../src/core/basket.ts";
import type { Item, Variant } from "../../src/core/campaign.ts";
import { formatMoney } from "../../src/core/money.ts";
import { quantityMax } from "../../src/core/refusal.ts";
import { shopWords as words } from "../locales/en/shop.ts";
import { describedBy, FieldError } from "./field.tsx";
import { Picture } from "./picture.tsx";
import { sizeRuns, type SizeRun } from "./size-run.ts";

/** From so many on nobody has to hurry. */
const fewLeft = 10n;

type ItemFieldsProps = {
  item: Item;
  currency: string;
  /** What was typed and what was wrong with it, by field name such as `q.t-shirt.m`. */
  quantities: Record<string, string>;
  errors: Record<string, string>;
  /** What stands in a field nobody has typed into. */
  usual: "0" | "1";
};

/** An item with a quantity for each of its variants: a list, or runs of sizes where there are many. */
export function ItemFields(props: ItemFieldsProps) {
  const { item, currency } = props;
  const runs = sizeRuns(item.variants);
  const price = samePrice(item.variants);
  return (
    <fieldset class="item">
      <legend>
        {item.name}
        {runs !== null && price !== null ? (
          <span class="num"> {formatMoney({ amountMinor: price, currency })}</span>
        ) : null}
      </legend>
      <Picture picture={item.picture} />
      {item.description === "" ? null : <p class="soft">{item.description}</p>}
      {runs === null ? (
        <ul role="list">
          {item.variants.map((variant) => (
            <VariantLine {...props} variant={variant} />
          ))}
        </ul>
      ) : (
        runs.map((run) => <RunOfSizes {...props} run={run} showPrices={price === null} />)
      )}
    </fieldset>
  );
}

function VariantLine({ variant, ...props }: ItemFieldsProps & { variant: Variant }) {
  const { item, currency, errors } = props;
  const name = quantityField(item.slug, variant.slug);
  return (
    <li class={errors[name] === undefined ? "variant" : "variant wrong"}>
      <label for={name}>
        <span class="unseen">{words.quantityOf(item.name)}</span>
        {variant.name === "" ? words.quantity : variant.name}
        <Left left={variant.left} />
      </label>
      <span class="num">{formatMoney({ amountMinor: variant.priceMinor, currency })}</span>
      <span class="stepper" data-stepper>
        <Quantity {...props} variant={variant} />
      </span>
      <FieldError name={name} error={errors[name]} />
    </li>
  );
}

function RunOfSizes({ run, showPrices, ...props }: ItemFieldsProps & { run: SizeRun; showPrices: boolean }) {
  const { item, currency, errors } = props;
  const wrong = run.variants.flatMap(({ variant }) => {
    const name = quantityField(item.slug, variant.slug);
    return errors[name] === undefined ? [] : [{ name, error: errors[name] }];
  });
  return (
    <div class={wrong.length === 0 ? "run" : "run wrong"}>
      <span class="run-name" aria-hidden="true">
        {run.name}
      </span>
      <div class="run-sizes">
        {run.variants.map(({ label, variant }) => (
          <span class="run-size">
            <label for={quantityField(item.slug, variant.slug)}>
              <span class="unseen">{`${words.quantityOf(item.name)}${run.name}, `}</span>
              {label}
              {showPrices ? (
                <span class="num soft"> {formatMoney({ amountMinor: variant.priceMinor, currency })}</span>
              ) : null}
              <Left left={variant.left} />
            </label>
            <Quantity {...props} variant={variant} />
          </span>
        ))}
      </div>
      {wrong.map(({ name, error }) => (
        <FieldError name={name} error={error} />
      ))}
    </div>
  );
}

function Quantity({ item, variant, quantities, errors, usual }: ItemFieldsProps & { variant: Variant }) {
  const name = quantityField(item.slug, variant.slug);
  // What was typed before it sold out can still be taken out.
  const isSoldOut = variant.left === 0n && errors[name] === undefined;
  return (
    <input
      id={name}
      name={name}
      type="number"
      inputmode="numeric"
      min={0}
      max={Math.min(quantityMax, Number(variant.left ?? quantityMax))}
      disabled={isSoldOut}
      step={1}
      value={quantities[name] ?? (isSoldOut ? "0" : usual)}
      data-price-minor={String(variant.priceMinor)}
      {...describedBy(name, undefined, errors[name])}
    />
  );
}

/** Of what there are few, or none, how many. */
function Left({ left }: { left: bigint | null }) {
  if (left === null || left > fewLeft) return null;
  return <span class="tiny soft left-over"> {left === 0n ? words.soldOut : words.left(Number(left))}</span>;
}

/** The price of all variants, or null when they differ. */
function samePrice(variants: readonly Variant[]): bigint | null {
  const price = variants[0]?.priceMinor ?? null;
  return variants.every((variant) => variant.priceMinor === price) ? price : null;
}
