import { expect, test } from "vitest";
import { paid, startSandbox } from "./fake.ts";

test("what is corrected of a charge is told with what it was, and the rest of it stays", async () => {
  const fake = startSandbox();
  const { id } = await paid(fake, 2500);
  const corrected = await fake.stripe.charges.update(id, { metadata: { fund: "youth" }, description: "At the door" });
  expect(corrected).toMatchObject({
    amount: 2500,
    description: "At the door",
    metadata: { order: "alm_0123456789abcdef", fund: "youth" },
  });
  await fake.sandbox.idle();
  expect(fake.delivered.at(-1)?.event).toMatchObject({
    type: "charge.updated",
    data: {
      object: { id, metadata: { fund: "youth" } },
      previous_attributes: { metadata: { order: "alm_0123456789abcdef", fund: "families" } },
    },
  });
});

test("a charge that there is not cannot be corrected, nor what Stripe never changes of one", async () => {
  const fake = startSandbox();
  const { id } = await paid(fake, 2500);
  await expect(fake.stripe.charges.update("ch_none", { description: "x" })).rejects.toMatchObject({ statusCode: 404 });
  await expect(fake.stripe.charges.update(id, { amount: 1 } as never)).rejects.toMatchObject({ statusCode: 400 });
});
