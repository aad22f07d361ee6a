import type { Campaign } from "../../src/core/campaign.ts";
import { formatMoney } from "../../src/core/money.ts";
import { shopWords as words } from "../locales/en/shop.ts";
import { AmountChoice } from "./amount-choice.tsx";
import { FieldError, type FormState } from "./field.tsx";
import { ItemFields } from "./item-fields.tsx";
import { EmailField, ShownFields, type PayerValues } from "./payer-fields.tsx";

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
  const withGift = giftPresetsMinor.length > 0;
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
          <ItemFields
            item={item}
            currency={currency}
            quantities={values.quantities}
            errors={form.quantityErrors}
            usual={isOnly ? "1" : "0"}
          />
        ))}
        <p class="shipping small soft">{shippingInWords(campaign)}</p>
      </div>
      <div class="panel checkout">
        {!withGift ? null : (
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
        <EmailField values={values} errors={errors} />
        {withGift ? <ShownFields values={values} errors={errors} legend={words.giftShow} /> : null}
        <OrderSum campaign={campaign} withGift={withGift} />
        <button class="btn wide" type="submit" data-pay>
          {words.button}
        </button>
        <p class="tiny soft">{words.payment(campaign.fund.name)}</p>
      </div>
    </form>
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
