import { expect, test } from "vitest";
import { broken } from "./declared.ts";

const row = {
  id: "txn_1",
  object: "balance_transaction",
  amount: 1,
  available_on: 1,
  balance_type: "payments",
  created: 1,
  currency: "cad",
  description: null,
  exchange_rate: null,
  fee: 0,
  fee_details: [{ amount: 0, application: null, currency: "cad", description: null, type: "stripe_fee" }],
  net: 1,
  reporting_category: "charge",
  source: "ch_1",
  status: "pending",
  type: "charge",
};

test("an object that holds what its type promises is whole", () => {
  expect(broken(row)).toEqual([]);
});

test("what is missing, null or of another kind is named by its place, however deep", () => {
  const { net: _, ...without } = row;
  expect(broken(without)).toEqual(["balance_transaction.net is missing"]);
  expect(broken({ ...row, fee: null, currency: 7 })).toEqual([
    "balance_transaction.currency is 7, not string",
    "balance_transaction.fee is null",
  ]);
  const [detail] = row.fee_details;
  expect(broken({ ...row, fee_details: [{ ...detail, amount: "0" }] })).toEqual([
    'balance_transaction.fee_details[0].amount is "0", not number',
  ]);
});

test("a nested part is known by the name that its own type gives it", () => {
  const plan = { id: "p", object: "plan" };
  expect(broken(plan)).toContain("plan.interval_count is missing");
  expect(broken({ object: "nothing" })).toEqual([" is a nothing, which is not declared"]);
});

test("lists, and what is nested in them, are looked into", () => {
  const line = { id: "il", object: "line_item", period: { start: 1 } };
  const found = broken({
    object: "invoice",
    lines: { object: "list", data: [line] },
    parent: { type: "subscription_details" },
  });
  expect(found).toEqual(
    expect.arrayContaining([
      "invoice.status_transitions is missing",
      "invoice.lines[0].amount is missing",
      "invoice.lines[0].period.end is missing",
      "invoice.parent.subscription_details is missing",
    ]),
  );
});
