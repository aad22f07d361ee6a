import type Stripe from "stripe";
import { z } from "zod";
import { formatMoney } from "../../core/money.ts";
import { later } from "./attempt.ts";
import { isDebit } from "./card.ts";
import { action, filters, listing, retrieval } from "./endpoint.ts";
import type { Endpoint } from "./endpoint.ts";
import { emptyChange, idOf, plan, put } from "./entry.ts";
import { badRequest } from "./error.ts";
import { emit } from "./event.ts";
import { amountMax, integer, mergedMetadata, metadata, text } from "./parameter.ts";
import { cancelRefund } from "./refund-deeds.ts";
import { need } from "./scope.ts";
import type { Scope } from "./scope.ts";
import type { Kinds } from "./store.ts";

const createShape = {
  charge: text(255).optional(),
  payment_intent: text(255).optional(),
  amount: integer.refine((value) => value >= 1 && value <= amountMax, "Invalid positive integer").optional(),
  reason: z.enum(["duplicate", "fraudulent", "requested_by_customer"]).optional(),
  metadata: metadata.optional(),
} satisfies Partial<Record<keyof Stripe.RefundCreateParams, unknown>>;
type Given = z.output<z.ZodObject<typeof createShape>>;

const daySeconds = 24 * 60 * 60;
/** How long a bank takes over a refund that is slow, or comes back. */
const clearsAfterSeconds = 5 * daySeconds;

/** Most card refunds succeed at once; their balance transaction and the bank's reference come later. */
function refund(scope: Scope, charge: Kinds["charge"], given: Given & { amount: number }): Stripe.Refund {
  const isPending = isSlow(charge);
  const seen = charge.presentment_details;
  return {
    id: scope.id(charge.id.startsWith("py_") ? "pyr" : "re"),
    object: "refund",
    amount: given.amount,
    balance_transaction: null,
    charge: charge.id,
    created: scope.now,
    currency: charge.currency,
    customer: idOf(charge.customer),
    customer_account: null,
    destination_details: {
      type: "card",
      card: { reference_status: "pending", reference_type: "acquirer_reference_number", type: "refund" },
    },
    metadata: given.metadata ?? {},
    payment_intent: idOf(charge.payment_intent),
    payment_method: charge.payment_method,
    ...(isPending ? { pending_reason: "processing" } : {}),
    ...(seen === undefined
      ? {}
      : {
          presentment_details: {
            ...seen,
            presentment_amount: Math.round((seen.presentment_amount * given.amount) / charge.amount),
          },
        }),
    reason: given.reason ?? null,
    receipt_number: null,
    source_transfer_reversal: null,
    status: isPending ? "pending" : "succeeded",
    transfer_reversal: null,
  };
}

const isSlow = ({ hidden }: Kinds["charge"]): boolean =>
  hidden !== undefined && (hidden.card === "refund-pending" || isDebit(hidden.card));

/** The refund once the bank has told its reference. */
export function referenced(scope: Scope, known: Stripe.Refund, balanceTransaction: string): Stripe.Refund {
  const card = {
    reference: scope.id("").slice(1, 24),
    reference_status: "available",
    reference_type: "acquirer_reference_number",
    type: "refund",
  };
  return { ...known, balance_transaction: balanceTransaction, destination_details: { type: "card", card } };
}

/** @returns the amount to refund, by default all that is left. @throws Refusal when the charge cannot give it back. */
function refundable(charge: Stripe.Charge, wanted: number | undefined): number {
  const left = charge.amount_captured - charge.amount_refunded;
  if (charge.status !== "succeeded") {
    throw badRequest({
      message: `Charge ${charge.id} cannot be refunded because its status is ${charge.status}.`,
      param: "charge",
    });
  }
  if (left === 0)
    throw badRequest({ code: "charge_already_refunded", message: `Charge ${charge.id} has already been refunded.` });
  if (wanted === undefined || wanted <= left) return wanted ?? left;
  const money = (minor: number): string =>
    formatMoney({ amountMinor: BigInt(minor), currency: charge.currency.toUpperCase() });
  const message = `Refund amount (${money(wanted)}) is greater than unrefunded amount on charge (${money(left)})`;
  throw badRequest({ message, param: "amount" });
}

async function chargeOf(scope: Scope, given: Given): Promise<string> {
  if (given.charge !== undefined) return given.charge;
  if (given.payment_intent === undefined) {
    const message = "One of the following params should be provided for this request: payment_intent or charge.";
    throw badRequest({ code: "parameter_missing", message });
  }
  const intent = await need(scope, "payment_intent", given.payment_intent, "payment_intent");
  const latest = idOf(intent.latest_charge);
  if (latest === null)
    throw badRequest({ message: `This PaymentIntent (${intent.id}) does not have a successful charge to refund.` });
  return latest;
}

const create = action("/v1/refunds", createShape, async (scope, given) => {
  const id = await chargeOf(scope, given);
  // Two refunds at once must not both take the last of a charge.
  return scope.locked([id], async () => {
    const charge = await need(scope, "charge", id, "charge");
    const made = refund(scope, charge, { ...given, amount: refundable(charge, given.amount) });
    const amount_refunded = charge.amount_refunded + made.amount;
    const after = { ...charge, amount_refunded, refunded: amount_refunded === charge.amount_captured };
    const change = emptyChange();
    put(change, scope.account, made);
    put(change, scope.account, after);
    emit(scope, change, "refund.created", made);
    emit(scope, change, "charge.refunded", after, {
      amount_refunded: charge.amount_refunded,
      refunded: charge.refunded,
    });
    const comesBack = charge.hidden?.card === "refund-fails";
    if (made.status === "pending" || comesBack)
      plan(change, scope.account, "clear", made.id, later(scope, clearsAfterSeconds));
    if (made.status !== "pending")
      plan(change, scope.account, "settle", made.id, new Date(scope.now * 1000 + scope.delayMs));
    await scope.save(change, made);
    return made;
  });
});

const updateShape = { metadata: metadata.optional() } satisfies Partial<
  Record<keyof Stripe.RefundUpdateParams, unknown>
>;

const update = action("/v1/refunds/:id", updateShape, (scope, given, id) =>
  scope.locked([id], async () => {
    const known = await need(scope, "refund", id);
    const after =
      given.metadata === undefined
        ? known
        : { ...known, metadata: mergedMetadata(known.metadata ?? {}, given.metadata) };
    const change = emptyChange();
    put(change, scope.account, after);
    emit(scope, change, "refund.updated", after, { metadata: known.metadata });
    await scope.save(change, after);
    return after;
  }),
);

const cancel = action("/v1/refunds/:id/cancel", {}, (scope, _, id) => cancelRefund(scope, id));

export const refundEndpoints: Endpoint[] = [
  create,
  update,
  cancel,
  retrieval("refund", "/v1/refunds"),
  listing("refund", "/v1/refunds", filters("charge", "payment_intent")),
];
