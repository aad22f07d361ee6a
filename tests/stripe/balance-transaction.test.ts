import { expect, test } from "vitest";
import { balanceTransactionFact } from "../../src/stripe/balance-transaction.ts";
import { Fields } from "../../src/stripe/field.ts";
import { objectFacts } from "../../src/stripe/translate.ts";
import { balanceTransaction } from "../fixtures/stripe/balance-transaction.ts";
import { charge } from "../fixtures/stripe/charge.ts";

const origin = { accountId: "7", fetchedAt: null };
const read = (overrides: object = {}) =>
  balanceTransactionFact(new Fields({ ...balanceTransaction, ...overrides }, "x"), origin);

test("a balance transaction says what really moved, less which fee", () => {
  expect(read()).toEqual({
    kind: "balance_transaction",
    account_id: "7",
    id: "txn_3SVgiftAlmonry01",
    fetched_at: null,
    source: "ch_3SVgiftAlmonry01",
    type: "charge",
    amount_minor: "5000",
    fee_minor: "175",
    net_minor: "4825",
    currency: "CAD",
    exchange_rate: null,
    created: "2020-11-01T19:30:00.000Z",
    reporting_category: "charge",
    balance_type: "payments",
    description: null,
    fee_tax_minor: "0",
  });
});

test("tax on a fee is told apart from the fee, and is not known where Stripe does not say what the fee is made of", () => {
  const detail = { amount: 150, application: null, currency: "cad", description: "Radar", type: "stripe_fee" };
  const fee_details = [detail, { ...detail, amount: 20, type: "tax" }, { ...detail, amount: 5, type: "tax" }];
  expect(read({ fee_details })).toMatchObject({ fee_minor: "175", fee_tax_minor: "25" });
  expect(read({ fee_details: undefined })).toMatchObject({ fee_tax_minor: null });
});

test("money that went out is negative, its source may be unknown, and its rate is text", () => {
  expect(read({ amount: -2000, fee: 0, net: -2000, source: null, exchange_rate: 1.36812 })).toMatchObject({
    amount_minor: "-2000",
    source: null,
    exchange_rate: "1.36812",
  });
});

test("a source that was expanded is named by its id and read too", () => {
  const facts = objectFacts(new Fields({ ...balanceTransaction, source: charge }, "x"), origin);
  expect(facts).toMatchObject([{ kind: "balance_transaction", source: charge.id }, { kind: "charge" }]);
});

test("an unknown fee is refused, never taken as 0", () => {
  expect(() => read({ fee: null })).toThrow("x.fee must be a whole number of minor units");
});
