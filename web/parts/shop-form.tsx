import { quantityField } from "../../src/core/basket.ts";
import type { Campaign, Item, Variant } from "../../src/core/campaign.ts";
import { formatMoney } from "../../src/core/money.ts";
import { quantityMax } from "../../src/core/refusal.ts";
import { shopWords as words } from "../locales/en/shop.ts";
import { AmountChoice } from "./amount-choice.tsx";
import { describedBy, FieldError, type FormState } from "./field.tsx";
import { PayerFields, type PayerValues } from "./payer-fields.tsx";

/**
 * What the shop sends to `POST /campaigns/:slug/order`, all as typed. Quantities are fields named
 * `q.<item slug>.<variant slug>`, blank or 0 for none. `gift` is "0", a preset's minor units or blank; `giftOther` is
 * a typed amount and, when it is not blank, wins over `gift`. Besides: `email`, `show`, `note`, `order`.
 */
export type ShopValues = PayerValues & {
  /** By field name, such as `q.t-shirt.m`. */
  quantities: Record<string, string>;
  gift: string;
  giftOther: string;
};

/** Errors by field; those of single quantities by field name in `quantityErrors` of the form's props. */
export type ShopForm = FormState<ShopValues> & { quantityErrors: Record<string, string> };

/** The form as a buyer first sees it: nothing chosen, no gift. */
export function emptyShop(): ShopValues {
  return { quantities: {}, gift: "0", giftOther: "", email: "", show: "nothing", note: "" };
}

type ShopFormProps = { campaign: Campaign; form: ShopForm; giftPresetsMinor: readonly bigint[] };

/** Items, quantities and a gift on top, leading to Stripe Checkout. Works without script; with it the total runs along. */
export function ShopForm({ campaign, form, giftPresetsMinor }: ShopFormProps) {
  const { values, errors } = form;
  const { currency } = campaign;
  // Whoever opens the page of a single thing wants it.
  const isOnly = campaign.items.length === 1 && campaign.items[0]?.variants.length === 1;
  return (
    <form
      id="order"
      class="shop"
      method="post"
      action={`/campaigns/${campaign.slug}/order`}
      novalidate
      data-shop
      data-currency={currency}
      data-shipping-minor={campaign.shippingMinor === null ? "" : String(campaign.shippingMinor)}
    >
      <input type="hidden" name="order" value={form.order} />
      <div class="items">
        <h2>{words.itemsHeading}</h2>
        <FieldError name="quantities" error={errors.quantities} />
        {campaign.items.map((item) => (
          <ItemFields item={item} currency={currency} form={form} isOnly={isOnly} />
        ))}
        <p class="shipping small soft">{shippingInWords(campaign)}</p>
      </div>
      <div class="panel checkout">
        {giftPresetsMinor.length === 0 ? null : (
          <>
            <h2>{words.giftHeading}</h2>
            <AmountChoice
              names={{ choice: "gift", other: "giftOther" }}
              legend={words.giftLegend(campaign.fund.name)}
              currency={currency}
              presetsMinor={[0n, ...giftPresetsMinor]}
              noneLabel={words.noGift}
              values={{ choice: values.gift, other: values.giftOther }}
              errors={{ choice: errors.gift, other: errors.giftOther }}
            />
          </>
        )}
        <PayerFields values={values} errors={errors} showLegend={words.giftShow} />
        <OrderSum campaign={campaign} withGift={giftPresetsMinor.length > 0} />
        <button class="btn wide" type="submit" data-pay>
          {words.button}
        </button>
        <p class="tiny soft">{words.payment(campaign.fund.name)}</p>
      </div>
    </form>
  );
}

type ItemProps = { item: Item; currency: string; form: ShopForm; isOnly: boolean };

function ItemFields({ item, currency, form, isOnly }: ItemProps) {
  return (
    <fieldset class="item">
      <legend>{item.name}</legend>
      {item.description === "" ? null : <p class="soft">{item.description}</p>}
      <ul role="list">
        {item.variants.map((variant) => (
          <VariantField item={item} variant={variant} currency={currency} form={form} isOnly={isOnly} />
        ))}
      </ul>
    </fieldset>
  );
}

function VariantField({ item, variant, currency, form, isOnly }: ItemProps & { variant: Variant }) {
  const name = quantityField(item.slug, variant.slug);
  const error = form.quantityErrors[name];
  return (
    <li class={error === undefined ? "variant" : "variant wrong"}>
      <label for={name}>
        <span class="unseen">{words.quantityOf(item.name)}</span>
        {variant.name === "" ? words.quantity : variant.name}
      </label>
      <span class="num">{formatMoney({ amountMinor: variant.priceMinor, currency })}</span>
      <span class="stepper" data-stepper>
        <input
          id={name}
          name={name}
          type="number"
          inputmode="numeric"
          min={0}
          max={quantityMax}
          step={1}
          value={form.values.quantities[name] ?? (isOnly ? "1" : "0")}
          data-price-minor={String(variant.priceMinor)}
          {...describedBy(name, undefined, error)}
        />
      </span>
      <FieldError name={name} error={error} />
    </li>
  );
}

/** The running total. Without script it stays hidden: Stripe shows the total before anything is paid. */
function OrderSum({ campaign, withGift }: { campaign: Campaign; withGift: boolean }) {
  const zero = formatMoney({ amountMinor: 0n, currency: campaign.currency });
  return (
    <>
      <dl class="order-sum" aria-label={words.totalHeading} data-sum hidden>
        <SumLine label={words.goods} name="goods" text={zero} />
        {withGift ? <SumLine label={words.gift} name="gift" text={zero} /> : null}
        {campaign.shippingMinor === null ? null : <SumLine label={words.shippingLine} name="shipping" text={zero} />}
        <SumLine label={words.total} name="total" text={zero} />
      </dl>
      <p class="unseen" aria-live="polite" data-announce></p>
      <p class="small soft without-script">{words.totalWithoutScript}</p>
    </>
  );
}

function SumLine({ label, name, text }: { label: string; name: string; text: string }) {
  return (
    <div class={name === "total" ? "sum" : ""}>
      <dt>{label}</dt>
      <dd class="num" data-sum-of={name}>
        {text}
      </dd>
    </div>
  );
}

function shippingInWords({ shippingMinor, currency }: Campaign): string {
  if (shippingMinor === null) return words.noShipping;
  if (shippingMinor === 0n) return words.freeShipping;
  return words.shipping(formatMoney({ amountMinor: shippingMinor, currency }));
}
