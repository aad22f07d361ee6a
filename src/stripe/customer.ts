import type { CustomerFact } from "../core/fact.ts";
import type { Fields, Origin } from "./field.ts";

/**
 * A customer as a fact. A deleted one says nothing any more, and what we know stays; so Stripe's answer about it counts as
 * no answer, which else would replace what is known.
 */
export function customerFact(customer: Fields, { accountId, fetchedAt }: Origin): CustomerFact {
  return {
    kind: "customer",
    account_id: accountId,
    id: customer.id(),
    fetched_at: customer.raw("deleted") === true ? null : fetchedAt,
    details: customer.details(),
  };
}
