import { expect, test } from "vitest";
import { Fields } from "../../src/stripe/field.ts";
import { chargeFact } from "../../src/stripe/charge.ts";
import { objectFacts } from "../../src/stripe/translate.ts";
import { balanceTransaction } from "../fixtures/stripe/balance-transaction.ts";
import { charge } from "../fixtures/stripe/charge.ts";
import { refund } from "../fixtures/stripe/refund.ts";

const origin = { accountId: "7", fetchedAt: null };
const read = (overrides: object = {}) => chargeFact(new Fields({ ...charge, ...overrides }, "data.object"), origin);

test("a charge says what was paid, when, by whom and for which order", () => {
  expect(read()).toEqual({
    kind: "charge",
    account_id: "7",
    id: "ch_3SVgiftAlmonry01",
    fetched_at: null,
    status: "succeeded",
    captured: true,
    amount_minor: "5000",
    amount_captured_minor: "5000",
    currency: "CAD",
    created: "2020-11-01T19:30:00.000Z",
    payment_intent: "pi_3SVgiftAlmonry01",
    customer: null,
    balance_transaction: null,
    billing: { email: "leyla.mammadova@example.org", name: "Leyla Mammadova" },
    receipt_email: null,
    description: null,
    metadata: { order: "alm_0123456789abcdefghij", fund: "families" },
  });
});

test("what is optional and missing is not known, never a mistake", () => {
  const bare = {
    id: "ch_1",
    object: "charge",
    amount: 100,
    captured: true,
    created: 0,
    currency: "jpy",
    status: "pending",
  };
  expect(chargeFact(new Fields(bare, "data.object"), origin)).toMatchObject({
    amount_captured_minor: null,
    payment_intent: null,
    billing: null,
    receipt_email: null,
    metadata: null,
    currency: "JPY",
    created: "1970-01-01T00:00:00.000Z",
  });
});

test("a status that we do not know is kept as it is", () => {
  expect(read({ status: "sleeping" }).status).toBe("sleeping");
});

test.each([
  ["id", undefined, "data.object.id must be an id"],
  ["amount", "5000", "data.object.amount must be a whole number of minor units"],
  ["amount", 50.5, "data.object.amount must be a whole number of minor units"],
  ["amount", 2 ** 53, "data.object.amount must be a whole number of minor units"],
  ["amount_captured", 2 ** 53, "data.object.amount_captured must be a whole number of minor units"],
  ["captured", "yes", "data.object.captured must be true or false"],
  ["created", "2020-11-01", "data.object.created must be a time in seconds since 1970"],
  ["created", 1e15, "data.object.created must be a time in seconds since 1970"],
  ["currency", "dollars", "data.object.currency must be a currency of three letters"],
  ["status", null, "data.object.status must be text"],
  ["payment_intent", "pi_".padEnd(300, "0"), "data.object.payment_intent must be an id of at most 255 characters"],
])("a charge whose %s is %s is refused with the place of the mistake", (name, value, message) => {
  expect(() => read({ [name]: value })).toThrow(message);
});

test("a donor's words are cut to length, and what the database cannot hold becomes U+FFFD", () => {
  const fact = read({
    description: "\u0000\ud800".padEnd(900, "é"),
    billing_details: { email: "no address", name: "😀".repeat(300) },
    metadata: { note: "n".repeat(900), "\u0000key": "\u0000", number: 7 },
  });
  expect(fact.description).toBe(`\uFFFD\uFFFD${"é".repeat(498)}`);
  expect(fact.billing).toEqual({ email: null, name: "😀".repeat(200) });
  expect(fact.metadata).toEqual({ note: "n".repeat(500), "\uFFFDkey": "\uFFFD" });
});

test("objects that Stripe expanded in a charge are facts of their own, and the charge names their ids", () => {
  const facts = objectFacts(
    new Fields(
      {
        ...charge,
        balance_transaction: balanceTransaction,
        refunds: { object: "list", data: [refund] },
        source: { id: "card_1", object: "card" },
      },
      "x",
    ),
    origin,
  );
  expect(facts.map(({ kind, id }) => [kind, id])).toEqual([
    ["charge", charge.id],
    ["balance_transaction", balanceTransaction.id],
    ["refund", refund.id],
  ]);
  expect(facts[0]).toMatchObject({ balance_transaction: balanceTransaction.id });
});
