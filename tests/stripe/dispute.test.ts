import { expect, test } from "vitest";
import { disputeFact } from "../../src/stripe/dispute.ts";
import { Fields } from "../../src/stripe/field.ts";
import { objectFacts } from "../../src/stripe/translate.ts";
import { dispute, reinstatement, withdrawal } from "../fixtures/stripe/dispute.ts";

const origin = { accountId: "7", fetchedAt: null };
const read = (overrides: object = {}) => disputeFact(new Fields({ ...dispute, ...overrides }, "data.object"), origin);
const facts = (overrides: object = {}) => objectFacts(new Fields({ ...dispute, ...overrides }, "data.object"), origin);

test("a dispute says which charge is disputed, why, and where it stands", () => {
  expect(read()).toEqual({
    kind: "dispute",
    account_id: "7",
    id: "du_1SVgiftAlmonry01",
    fetched_at: null,
    charge: "ch_3SVgiftAlmonry01",
    payment_intent: "pi_3SVgiftAlmonry01",
    status: "needs_response",
    reason: "fraudulent",
    amount_minor: "5000",
    currency: "CAD",
    created: "2020-12-01T19:13:20.000Z",
  });
});

test("what it took and gave back are movements of the dispute, with the fee that Stripe kept", () => {
  expect(facts({ balance_transactions: [withdrawal, reinstatement] })).toMatchObject([
    { kind: "dispute" },
    {
      kind: "balance_transaction",
      id: withdrawal.id,
      source: dispute.id,
      amount_minor: "-5000",
      fee_minor: "1500",
      reporting_category: "dispute",
    },
    {
      kind: "balance_transaction",
      id: reinstatement.id,
      source: dispute.id,
      amount_minor: "5000",
      reporting_category: "dispute_reversal",
    },
  ]);
});

test("a movement that does not name its source belongs to the dispute that it came in", () => {
  expect(facts({ balance_transactions: [{ ...withdrawal, source: null }] })[1]).toMatchObject({ source: dispute.id });
});

test.each(["warning_needs_response", "prevented", "appeal_under_review", "a status nobody has heard of"])(
  "[40] %s is kept as it is, and without movements nothing moved",
  (status) => {
    expect(facts({ status, balance_transactions: [] })).toMatchObject([{ kind: "dispute", status }]);
  },
);

test("a dispute in the shape of older versions, or one that leaves out what it may, is read", () => {
  const bare = { id: "dp_1", object: "dispute", amount: 100, currency: "cad", created: 0, status: "lost" };
  expect(objectFacts(new Fields(bare, "data.object"), origin)).toMatchObject([
    { kind: "dispute", charge: null, payment_intent: null, reason: null },
  ]);
});
