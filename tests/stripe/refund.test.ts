import { expect, test } from "vitest";
import { Fields } from "../../src/stripe/field.ts";
import { refundFact } from "../../src/stripe/refund.ts";
import { refund } from "../fixtures/stripe/refund.ts";

const origin = { accountId: "7", fetchedAt: null };
const read = (overrides: object = {}) => refundFact(new Fields({ ...refund, ...overrides }, "data.object"), origin);

test("a refund says how much of which charge went back, and when", () => {
  expect(read()).toEqual({
    kind: "refund",
    account_id: "7",
    id: "re_3SVgiftAlmonry01",
    fetched_at: null,
    status: "succeeded",
    charge: "ch_3SVgiftAlmonry01",
    payment_intent: "pi_3SVgiftAlmonry01",
    amount_minor: "2000",
    currency: "CAD",
    created: "2020-11-06T19:13:20.000Z",
    balance_transaction: "txn_3SVrefundAlmonry01",
    failure_balance_transaction: null,
    metadata: {},
  });
});

test("a refund without a status yet is pending, and an unknown status is kept", () => {
  expect(read({ status: null }).status).toBe("pending");
  expect(read({ status: "under_review" }).status).toBe("under_review");
});

test("a refund without an amount is refused", () => {
  expect(() => read({ amount: undefined })).toThrow("data.object.amount must be a whole number of minor units");
});
