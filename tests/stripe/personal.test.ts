import { expect, test } from "vitest";
import { withoutPersons } from "../../src/stripe/personal.ts";
import { charge } from "../fixtures/stripe/charge.ts";
import { checkoutSession } from "../fixtures/stripe/checkout-session.ts";
import { customer } from "../fixtures/stripe/customer.ts";
import { dispute } from "../fixtures/stripe/dispute.ts";

const objects = { charge, checkoutSession, customer, dispute };

test.each(Object.entries(objects))(
  "a whole %s of Stripe names nobody afterwards, and is still the same object",
  (_, object) => {
    const left = withoutPersons(JSON.stringify(object));
    // The fixtures' people are all Mammadovas at example.org, with a card that ends in 4242.
    expect(left).not.toMatch(/leyla(?!almonry)|mammadova|@example|4242"|\+1/iu);
    const { id, created } = object;
    expect(JSON.parse(left)).toMatchObject({ id, created });
  },
);

test("what is no JSON is emptied whole", () => {
  expect(withoutPersons("Leyla")).toBe("{}");
});
