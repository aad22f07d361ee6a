import type Stripe from "stripe";
import { action } from "./endpoint.ts";
import { emptyChange, put } from "./entry.ts";
import { emit } from "./event.ts";
import { mergedMetadata, metadata, text } from "./parameter.ts";
import { need } from "./scope.ts";
import type { Kinds } from "./store.ts";

const shape = {
  description: text(5000).optional(),
  metadata: metadata.optional(),
  receipt_email: text(512).optional(),
} satisfies Partial<Record<keyof Stripe.ChargeUpdateParams, unknown>>;

/** What somebody in the dashboard corrects of a charge; of its payment intent nothing changes. */
export const chargeUpdate = action("/v1/charges/:id", shape, (scope, given, id) =>
  scope.locked([id], async () => {
    const known = await need(scope, "charge", id);
    const after: Kinds["charge"] = {
      ...known,
      description: given.description ?? known.description,
      metadata: given.metadata === undefined ? known.metadata : mergedMetadata(known.metadata, given.metadata),
      receipt_email: given.receipt_email ?? known.receipt_email,
    };
    const change = emptyChange();
    put(change, scope.account, after);
    emit(scope, change, "charge.updated", after, { description: known.description, metadata: known.metadata });
    await scope.save(change, after);
    return after;
  }),
);
