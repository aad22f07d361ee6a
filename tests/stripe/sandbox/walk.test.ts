import { expect, test } from "vitest";
import { differences, shapeOf } from "../../../src/stripe/sandbox/shape.ts";
import { walk } from "../../../src/stripe/sandbox/walk.ts";
import { broken } from "./declared.ts";
import { startSandbox } from "./fake.ts";

test("the walk that is also done with Stripe itself holds what the SDK's types promise", async () => {
  const { sandbox, stripe } = startSandbox();
  const turn = async (seconds: number): Promise<void> => {
    await sandbox.advance(seconds);
  };
  const walked = await walk(stripe, turn, "mark");
  expect(Object.entries(walked).flatMap(([name, object]) => broken(object, name))).toEqual([]);
  expect(walked.charge).toMatchObject({ balance_transaction: { type: "charge" } });
  expect(walked.refund).toMatchObject({ balance_transaction: { type: "refund" } });
  expect(walked["session expired"]).toMatchObject({ status: "expired" });
  expect(walked["subscription canceled"]).toMatchObject({ status: "canceled" });
});

test("what one side has and the other has not is named once, and what is of another kind", () => {
  const theirs = { id: "a", fee: 1, card: { brand: "visa", checks: { cvc: "pass" } }, list: [{ amount: 1 }] };
  const ours = { id: "a", fee: "1", list: [{ amount: 1, extra: null }] };
  expect(differences(shapeOf(ours), shapeOf(theirs))).toEqual([
    { path: "card", words: "Stripe has it (object), we do not" },
    { path: "list[].extra", words: "we have it (null), Stripe does not" },
    { path: "fee", words: "Stripe says number, we say string" },
  ]);
});

test("null on one side, an empty list and other metadata are no differences", () => {
  const theirs = { paid: null, list: [], metadata: { order: "1" } };
  const ours = { paid: 7, list: [{ amount: 1 }], metadata: {} };
  expect(differences(shapeOf(ours), shapeOf(theirs))).toEqual([]);
});
