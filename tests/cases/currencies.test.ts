import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, test } from "vitest";
import { exponent, formatMoney } from "../../src/core/money.ts";
import { balanceTransaction } from "../fixtures/stripe/balance-transaction.ts";
import { charge } from "../fixtures/stripe/charge.ts";
import { refund } from "../fixtures/stripe/refund.ts";
import { stripeEvent } from "../stripe-event.ts";
import { openBooks, type Books } from "./books.ts";

let books: Books;
beforeAll(async () => {
  books = await openBooks();
});
beforeEach(async () => await books.forget());
afterEach(async () => {
  expect(await books.audit()).toEqual([]);
  await books.sql`update account set settles_in = '{}'`;
});
afterAll(async () => await books.close());

const plain = { metadata: { fund: "families" } };
const euros = { ...plain, currency: "eur" };
/** 50.00 EUR came to 72.31 CAD; at the printed rate it would be 72.30. */
const settled = { ...balanceTransaction, amount: 7231, fee: 310, net: 6921, exchange_rate: 1.446 };

async function settlesIn(...currencies: string[]): Promise<void> {
  await books.sql`update account set settles_in = string_to_array(${currencies.join()}, ',') where slug = 'first'`;
}

test("[23] a gift in yen, pesos or francs is kept in whole ones and printed so, never a hundred times as much", async () => {
  await settlesIn("CAD", "JPY", "CLP", "XAF");
  for (const [place, currency] of ["JPY", "CLP", "XAF"].entries()) {
    const id = { id: `ch_${place}`, payment_intent: `pi_${place}` };
    await books.bring(stripeEvent("charge.succeeded", { ...plain, ...id, currency: currency.toLowerCase() }));
  }
  expect((await books.gifts()).map(({ currency, amount }) => [currency, amount])).toEqual([
    ["JPY", 5000n],
    ["CLP", 5000n],
    ["XAF", 5000n],
  ]);
  expect(["JPY", "CLP", "XAF"].map(exponent)).toEqual([0, 0, 0]);
  expect(formatMoney({ amountMinor: 5000n, currency: "JPY" })).toBe("¥5,000");
});

describe("[24] an amount", () => {
  test("[24] of a currency with three decimals has three, of one that Stripe counts in hundredths two", () => {
    expect(["KWD", "BHD", "JOD", "OMR", "TND"].map(exponent)).toEqual([3, 3, 3, 3, 3]);
    expect(["ISK", "UGX", "HUF", "TWD"].map(exponent)).toEqual([2, 2, 2, 2]);
    expect(formatMoney({ amountMinor: 12_340n, currency: "KWD" })).toMatch(/12\.340$/u);
    expect(formatMoney({ amountMinor: 123_400n, currency: "UGX" })).toMatch(/1,234\.00$/u);
  });

  test("[24] in a currency that nobody knows waits for what Stripe makes of it, and is in no sum until then", async () => {
    await books.bring(stripeEvent("charge.succeeded", { ...plain, currency: "xqq" }));
    expect(await books.gifts()).toMatchObject([{ currency: "XQQ", amount: null }]);
    expect(await books.fund("families")).toMatchObject({ givenMinor: 0, gifts: 1, donors: 1 });
    await books.bring(stripeEvent("charge.updated", { ...plain, currency: "xqq", balance_transaction: settled }));
    expect(await books.gifts()).toMatchObject([{ currency: "CAD", amount: 7231n }]);
  });
});

test("[25] a gift in euros is what came of it in dollars, never amount times rate; what was charged is kept beside it", async () => {
  await books.bring(stripeEvent("charge.succeeded", euros));
  expect(await books.fund("families")).toMatchObject({ givenMinor: 0, gifts: 1, donors: 1 });
  books.answers.set(`/v1/balance_transactions/${settled.id}`, settled);
  await books.bring(stripeEvent("charge.updated", { ...euros, balance_transaction: settled.id }));
  expect(await books.gifts()).toMatchObject([{ currency: "CAD", amount: 7231n }]);
  expect(await books.sql`select amount_minor as amount, currency from stripe_charge`).toEqual([
    { amount: 5000n, currency: "EUR" },
  ]);
});

test("[26] a gift in euros refunded at another rate leaves its fund as it was before; what Stripe took for it is kept", async () => {
  await books.bring(stripeEvent("charge.succeeded", { ...euros, balance_transaction: settled }));
  const taken = { ...settled, id: "txn_back", source: refund.id, type: "refund", amount: -7502, fee: 0, net: -7502 };
  const back = { currency: "eur", balance_transaction: taken };
  await books.bring(stripeEvent("refund.created", { ...back, amount: 2000 }));
  expect(await books.fund("families")).toMatchObject({ givenMinor: 7231, returnedMinor: 2892 });
  await books.bring(stripeEvent("refund.created", { ...back, id: "re_rest", amount: 3000, balance_transaction: null }));
  expect(await books.fund("families")).toMatchObject({ givenMinor: 7231, returnedMinor: 7231, donors: 0 });
  expect(await books.sql`select amount_minor as amount from stripe_balance_transaction where id = 'txn_back'`).toEqual([
    { amount: -7502n },
  ]);
});

test("[27] what Stripe showed the payer in another currency is no money of ours", async () => {
  const shown = { presentment_details: { presentment_amount: 3400, presentment_currency: "usd" } };
  await books.bring(
    stripeEvent("charge.succeeded", { ...plain, ...shown }),
    stripeEvent("payment_intent.succeeded", { ...plain, ...shown }),
    stripeEvent("checkout.session.completed", { metadata: {}, ...shown }),
    stripeEvent("refund.created", { ...shown }),
  );
  expect(await books.gifts()).toMatchObject([{ currency: "CAD", amount: 5000n, returned: 2000n }]);
});

test("[28] gifts in two currencies that the account keeps are two sums, never one", async () => {
  await settlesIn("CAD", "USD");
  const dollars = {
    ...plain,
    id: "ch_usd",
    payment_intent: "pi_usd",
    currency: "usd",
    amount: 3000,
    amount_captured: 3000,
  };
  const money = { ...balanceTransaction, id: "txn_usd", source: "ch_usd", currency: "usd", amount: 3000, net: 2825 };
  await books.bring(
    stripeEvent("charge.succeeded", { ...plain, balance_transaction: balanceTransaction }),
    stripeEvent("charge.succeeded", { ...dollars, balance_transaction: money }),
  );
  const [families] = await books.sql`
    select given_minor as given, gifts::int, donors::int, other_currencies as others
    from totals(null, null, 'CAD') where fund_slug = 'families'`;
  expect(families).toEqual({
    given: 5000n,
    gifts: 2,
    donors: 1,
    others: [{ currency: "USD", given_minor: "3000", returned_minor: "0" }],
  });
  expect(charge.currency).toBe("cad");
});
