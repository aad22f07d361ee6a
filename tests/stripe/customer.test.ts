import { expect, test } from "vitest";
import { customerFact } from "../../src/stripe/customer.ts";
import { Fields } from "../../src/stripe/field.ts";
import { customer } from "../fixtures/stripe/customer.ts";

const origin = { accountId: "7", fetchedAt: null };
const read = (value: object) => customerFact(new Fields(value, "data.object"), origin);

test("a customer says by which e-mail and name a payer is known", () => {
  expect(read(customer)).toEqual({
    kind: "customer",
    account_id: "7",
    id: "cus_SVleylaAlmonry01",
    fetched_at: null,
    details: { email: "leyla.mammadova@example.org", name: "Leyla Mammadova" },
  });
});

test("a customer that has neither e-mail nor name says nothing", () => {
  expect(read({ ...customer, email: "", name: "  " }).details).toBeNull();
});

test("[34] Stripe's answer that a customer was deleted says that nobody is named any more", () => {
  const asked = { accountId: "7", fetchedAt: "2026-11-21T12:00:00.000000Z" };
  const gone = new Fields({ id: "cus_1", object: "customer", deleted: true }, "body.data[0]");
  expect(customerFact(gone, asked)).toMatchObject({
    details: { email: null, name: null },
    fetched_at: asked.fetchedAt,
  });
});
