import type { CustomerFact } from "../core/fact.ts";
import type { Fields, Origin } from "./field.ts";

/** A customer as a fact. A deleted one says nothing any more, and what we know stays. */
export function customerFact(customer: Fields, { accountId, fetchedAt }: Origin): CustomerFact {
  return {
    kind: "customer",
    account_id: accountId,
    id: customer.id(),
    fetched_at: fetchedAt,
    details: customer.details(),
  };
}
