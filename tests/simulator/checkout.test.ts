import { expect, test } from "vitest";
import { createFaults } from "../../src/stripe/sandbox/faults.ts";
import { openHouse, openStripe } from "../flow/house.ts";

const orderName = (number: number): string => `alm_${String(number).padStart(24, "0")}`;

const forms: [path: string, fields: Record<string, string>][] = [
  ["/funds/families/give", { amount: "5000" }],
  ["/funds/families/give", { amount: "2500", every: "month", email: "leyla@example.org" }],
  ["/campaigns/shop/order", { "q.pin.only": "2", gift: "5000" }],
];
/** Every form as three orders, each sent until it was taken so often. */
const ordersOfEach = 3;
const takenTimes = 3;

test(
  "a form sent while Stripe is overloaded, fails or breaks off leads to its one payment page or says 503, however often it is sent",
  { timeout: 120_000 },
  async () => {
    const side = openStripe();
    const faults = createFaults("forms", {
      now: side.sandbox.now,
      wallClock: () => new Date(),
      secret: side.sandbox.webhookSecret,
      chances: { tooMany: 0.25, serverError: 0.25, reset: 0.25 },
    });
    const house = await openHouse(side, { fetch: faults.fetch(side.sandbox.fetch) });
    const orders = forms.flatMap((form) => Array.from({ length: ordersOfEach }, () => form));
    const pages: Set<string | null>[] = [];
    const refusals: string[] = [];
    for (const [number, [path, fields]] of orders.entries()) {
      const led: string[] = [];
      while (led.length < takenTimes) {
        const { session, status, text } = await house.submit(path, { ...fields, order: orderName(number) });
        if (session !== null) led.push(session);
        else refusals.push(`${status} ${text.includes("Stripe could not be reached")}`);
      }
      pages.push(new Set(led));
    }
    expect(pages.map(({ size }) => size)).toEqual(orders.map(() => 1));
    expect(new Set(refusals)).toEqual(new Set(["503 true"]));
    const { tooMany, serverError, reset } = faults.counts();
    expect(Math.min(tooMany, serverError, reset)).toBeGreaterThan(0);

    await faults.end();
    const { data: made } = await (await house.stripe("first")).checkout.sessions.list({ limit: 100 });
    expect(new Set(made.map(({ id }) => id))).toEqual(new Set(pages.flatMap((page) => [...page])));
    expect(made).toHaveLength(orders.length);
    await house.close();
  },
);
