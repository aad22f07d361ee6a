import { expect, test } from "vitest";
import { Fields } from "../../src/stripe/field.ts";
import { payoutFact, payoutMemberFacts } from "../../src/stripe/payout.ts";
import { translateBody } from "../../src/stripe/translate.ts";
import { balanceTransaction } from "../fixtures/stripe/balance-transaction.ts";
import { payout } from "../fixtures/stripe/payout.ts";
import { stripeEvent } from "../stripe-event.ts";

const origin = { accountId: "7", fetchedAt: null };
const read = (overrides: object = {}) => payoutFact(new Fields({ ...payout, ...overrides }, "x"), origin);

test("a payout says what goes to the bank, on which day, and by which number the bank knows it", () => {
  expect(read()).toEqual({
    kind: "payout",
    account_id: "7",
    id: "po_1SVgiftAlmonry01",
    fetched_at: null,
    status: "paid",
    amount_minor: "4825",
    currency: "CAD",
    automatic: true,
    method: "standard",
    arrival_date: "2020-11-06",
    created: "2020-11-04T00:01:40.000Z",
    balance_transaction: "txn_1SVpayoutAlmonry01",
    failure_balance_transaction: null,
    original_payout: null,
    reversed_by: null,
    reconciliation_status: "completed",
    trace_id: "061000010000001",
  });
});

test("[43] a payout that takes money from the bank is negative", () => {
  expect(read({ amount: -5000, trace_id: null })).toMatchObject({ amount_minor: "-5000", trace_id: null });
});

test("[45] the payout's own movement is in its list and no part of what was paid out", () => {
  const own = { ...balanceTransaction, id: "txn_own", source: payout.id };
  const list = [
    balanceTransaction,
    own,
    { ...own, source: payout },
    { ...balanceTransaction, id: "txn_2", source: null },
  ];
  const members = payoutMemberFacts(
    list.map((row) => new Fields(row, "x")),
    origin,
    payout.id,
  );
  expect(members.map(({ id, payout: of }) => [id, of])).toEqual([
    [balanceTransaction.id, payout.id],
    ["txn_2", payout.id],
  ]);
});

const wanted = (what: string) => ({ kind: "wanted", account_id: "7", id: payout.id, fetched_at: null, what });

test("what was in a payout is asked for when Stripe says that it can be", () => {
  const facts = (event: object) => translateBody(JSON.stringify(event), "webhook", "7").facts;
  expect(facts(stripeEvent("payout.paid"))).toMatchObject([{ kind: "payout" }]);
  const reconciled = "payout.reconciliation_completed";
  expect(facts(stripeEvent(reconciled))).toEqual([read(), wanted("payout_members")]);
  const related_object = { id: payout.id, type: "payout", url: "/v1/x" };
  const thin = { object: "v2.core.event", id: "evt_1", type: `v1.${reconciled}`, livemode: false, related_object };
  expect(facts(thin)).toEqual([wanted("payout"), wanted("payout_members")]);
});
