import type Stripe from "stripe";
import type { FC } from "hono/jsx";
import { formatMoney } from "../../core/money.ts";
import { cards, isDebit, otherCards, usualCards } from "./card.ts";
import type { Card } from "./card.ts";
import { Document } from "./hosted-page.tsx";
import type { Answers, Problem } from "./payment-form.ts";

type PageProps = {
  /** Who is paid. */
  payee: string;
  session: Stripe.Checkout.Session;
  lines: Stripe.LineItem[];
  answers: Answers;
  problems: Problem[];
  /** What the bank said to the last attempt. */
  declined: string | null;
};

type Money = (minor: number | null) => string;

export const PaymentPage: FC<PageProps> = ({ payee, session, lines, answers, problems, declined }) => {
  const money: Money = (minor) =>
    formatMoney({ amountMinor: BigInt(minor ?? 0), currency: (session.currency ?? "cad").toUpperCase() });
  return (
    <Document title={`Pay ${payee} · Sandbox`}>
      <main>
        <section class="summary" aria-labelledby="what">
          <h1 id="what">Pay {payee}</h1>
          <p class="total">{money(session.amount_total)}</p>
          <ul class="lines">
            {lines.map((line) => (
              <li>
                <span>
                  {line.description}
                  {(line.quantity ?? 1) > 1 && <small>Quantity {line.quantity}</small>}
                </span>
                <span class="money">{money(line.amount_total)}</span>
              </li>
            ))}
            {session.shipping_cost !== null && (
              <li>
                <span>Shipping</span>
                <span class="money">{money(session.shipping_cost.amount_total)}</span>
              </li>
            )}
            <li class="sum">
              <span>Total</span>
              <span class="money">
                {money(session.amount_total)} <small>{(session.currency ?? "").toUpperCase()}</small>
              </span>
            </li>
          </ul>
        </section>
        <section class="form" aria-label="Payment">
          {declined !== null && (
            <p class="problem" role="alert">
              {declined}
            </p>
          )}
          <Problems problems={problems} />
          <form method="post" novalidate>
            <Field
              name="email"
              label="E-mail"
              type="email"
              autocomplete="email"
              answers={answers}
              problems={problems}
            />
            <fieldset>
              <legend>Pay with</legend>
              <Choices cards={usualCards} session={session} chosen={answers.card} />
              <details open={otherCards.some((card) => card === answers.card)}>
                <summary>More ways a payment can go</summary>
                <Choices cards={otherCards} session={session} chosen={answers.card} />
              </details>
            </fieldset>
            {session.adaptive_pricing?.enabled === true && (
              <Presentment session={session} chosen={answers.presentment} />
            )}
            {session.allow_promotion_codes === true && (
              <Field
                name="promotionCode"
                label="Promotion code"
                autocomplete="off"
                optional
                answers={answers}
                problems={problems}
              />
            )}
            <Field name="name" label="Name on card" autocomplete="cc-name" answers={answers} problems={problems} />
            {session.shipping_address_collection !== null && (
              <ShippingFields
                countries={session.shipping_address_collection.allowed_countries}
                answers={answers}
                problems={problems}
              />
            )}
            <button type="submit">{payWords(session, lines, money)}</button>
          </form>
          {session.cancel_url !== null && (
            <p class="back">
              <a href={session.cancel_url}>Come back without paying</a>
            </p>
          )}
        </section>
      </main>
    </Document>
  );
};

/** "Pay $25.00", "Pay $25.00 every month", or what is paid now and what then, where some of it is paid only once. */
function payWords({ amount_total: total }: Stripe.Checkout.Session, lines: Stripe.LineItem[], money: Money): string {
  const repeated = lines.filter(({ price }) => price?.recurring);
  const recurring = repeated[0]?.price?.recurring;
  if (recurring === null || recurring === undefined) return `Pay ${money(total)}`;
  const { interval, interval_count: count } = recurring;
  const often = count === 1 ? `every ${interval}` : `every ${count} ${interval}s`;
  const later = repeated.reduce((sum, line) => sum + line.amount_total, 0);
  return later === total ? `Pay ${money(total)} ${often}` : `Pay ${money(total)} now, then ${money(later)} ${often}`;
}

type ChoicesProps = { cards: readonly Card[]; session: Stripe.Checkout.Session; chosen: string };

/** A subscription takes no debits. */
const Choices: FC<ChoicesProps> = ({ cards: names, session, chosen }) => (
  <>
    {names
      .filter((name) => session.mode !== "subscription" || !isDebit(name))
      .map((name) => (
        <label class="choice">
          <input type="radio" name="card" value={name} checked={chosen === name} />
          <span>
            {cards[name].label} <small>ending in {cards[name].last4}</small>
          </span>
        </label>
      ))}
  </>
);

const foreignCurrencies = ["usd", "eur", "gbp"];

/** Where the account lets people see prices in their own currency. */
const Presentment: FC<{ session: Stripe.Checkout.Session; chosen: string }> = ({ session, chosen }) => (
  <p class="field">
    <label for="presentment">Currency to pay in</label>
    <select id="presentment" name="presentment">
      {[session.currency ?? "cad", ...foreignCurrencies].map((currency) => (
        <option value={currency} selected={currency === chosen}>
          {currency.toUpperCase()}
        </option>
      ))}
    </select>
  </p>
);

const Problems: FC<{ problems: Problem[] }> = ({ problems }) =>
  problems.length === 0 ? null : (
    <div class="problem" role="alert">
      <p>Please look at this again:</p>
      <ul>
        {problems.map(({ field, text }) => (
          <li>
            <a href={`#${field}`}>{text}</a>
          </li>
        ))}
      </ul>
    </div>
  );

type FieldProps = {
  name: keyof Answers;
  label: string;
  type?: string;
  autocomplete: string;
  optional?: boolean;
  answers: Answers;
  problems: Problem[];
};

const Field: FC<FieldProps> = ({ name, label, type = "text", autocomplete, optional = false, answers, problems }) => {
  const problem = problems.find(({ field }) => field === name);
  return (
    <p class="field">
      <label for={name}>
        {label} {optional && <small>optional</small>}
      </label>
      <input
        id={name}
        name={name}
        type={type}
        autocomplete={autocomplete}
        value={answers[name]}
        required={!optional}
        {...(problem === undefined ? {} : { "aria-invalid": "true", "aria-describedby": `${name}-problem` })}
      />
      {problem !== undefined && (
        <span class="hint" id={`${name}-problem`}>
          {problem.text}
        </span>
      )}
    </p>
  );
};

const ShippingFields: FC<{ countries: string[]; answers: Answers; problems: Problem[] }> = ({
  countries,
  answers,
  problems,
}) => {
  const countryName = new Intl.DisplayNames("en", { type: "region" });
  const shared = { answers, problems };
  return (
    <fieldset>
      <legend>Where should it go?</legend>
      <Field name="recipient" label="Full name" autocomplete="shipping name" {...shared} />
      <Field name="line1" label="Address" autocomplete="shipping address-line1" {...shared} />
      <Field name="line2" label="Apartment or suite" autocomplete="shipping address-line2" optional {...shared} />
      <Field name="city" label="City" autocomplete="shipping address-level2" {...shared} />
      <Field name="state" label="Province or state" autocomplete="shipping address-level1" {...shared} />
      <Field name="postalCode" label="Postal code" autocomplete="shipping postal-code" {...shared} />
      <p class="field">
        <label for="country">Country</label>
        <select id="country" name="country" autocomplete="shipping country">
          {countries.map((code) => (
            <option value={code} selected={answers.country === code}>
              {countryName.of(code)}
            </option>
          ))}
        </select>
      </p>
    </fieldset>
  );
};
