import type Stripe from "stripe";
import type { FC } from "hono/jsx";
import { formatMoney } from "../../core/money.ts";
import { cards, isDebit } from "./card.ts";
import type { Card } from "./card.ts";
import { Document } from "./hosted-page.tsx";

/** A subscription as its owner sees it. */
export type Owned = { subscription: Stripe.Subscription; name: string; card: Card | null };

type PageProps = { payee: string; owned: Owned[]; returnUrl: string | null };

/** Where a person looks after what is paid by itself: to end it, or to give it another card. */
export const PortalPage: FC<PageProps> = ({ payee, owned, returnUrl }) => (
  <Document title={`Your subscriptions to ${payee} · Sandbox`}>
    <main class="notice">
      <h1>Your subscriptions to {payee}</h1>
      {owned.length === 0 && <p>Nothing is paid by itself.</p>}
      {owned.map((one) => (
        <OwnedSubscription {...one} />
      ))}
      {returnUrl !== null && (
        <p class="back">
          <a href={returnUrl}>Back to {payee}</a>
        </p>
      )}
    </main>
  </Document>
);

const OwnedSubscription: FC<Owned> = ({ subscription, name, card }) => (
  <section class="form" aria-labelledby={subscription.id}>
    <h2 id={subscription.id}>{name}</h2>
    <p>
      {priceWords(subscription)}
      <br />
      {stateWords(subscription)}
    </p>
    {subscription.status !== "canceled" && (
      <>
        <form method="post">
          <input type="hidden" name="subscription" value={subscription.id} />
          {subscription.cancel_at === null ? (
            <button type="submit" name="do" value="cancel">
              Cancel
            </button>
          ) : (
            <button type="submit" name="do" value="keep">
              Do not cancel
            </button>
          )}
        </form>
        <form method="post">
          <input type="hidden" name="subscription" value={subscription.id} />
          <p class="field">
            <label for={`card-${subscription.id}`}>Pay with</label>
            <select id={`card-${subscription.id}`} name="card">
              {(Object.keys(cards) as Card[])
                .filter((each) => !isDebit(each))
                .map((each) => (
                  <option value={each} selected={each === card}>
                    {cards[each].label}, ending in {cards[each].last4}
                  </option>
                ))}
            </select>
          </p>
          <button type="submit" name="do" value="card">
            Change card
          </button>
        </form>
      </>
    )}
  </section>
);

function priceWords({ items, currency }: Stripe.Subscription): string {
  const price = items.data[0]?.price;
  const minor = (price?.unit_amount ?? 0) * (items.data[0]?.quantity ?? 1);
  const every = price?.recurring ?? { interval: "month", interval_count: 1 };
  const rhythm = every.interval_count === 1 ? every.interval : `${every.interval_count} ${every.interval}s`;
  return `${formatMoney({ amountMinor: BigInt(minor), currency: currency.toUpperCase() })} every ${rhythm}`;
}

const day = new Intl.DateTimeFormat("en-CA", { dateStyle: "long", timeZone: "UTC" });

function stateWords({ status, cancel_at: cancelAt, items, pause_collection: pause }: Stripe.Subscription): string {
  if (status === "canceled") return "It has ended.";
  if (cancelAt !== null) return `It ends on ${day.format(cancelAt * 1000)}.`;
  if (status === "past_due") return "The last payment did not go through.";
  if (pause !== null) return "It is paused.";
  const next = items.data[0]?.current_period_end;
  return next === undefined ? "" : `Next payment on ${day.format(next * 1000)}.`;
}
