import type { CustomerFact } from "../core/fact.ts";
import type { Fields, Origin } from "./field.ts";

/**
 * A customer as a fact. Stripe's answer that one was deleted is an answer, too: that nobody is named any more. Whoever was
 * known by the customer alone is unnamed from then on; what sessions and charges say of the payer stays.
 */
export function customerFact(customer: Fields, { accountId, fetchedAt }: Origin): CustomerFact {
  return {
    kind: "customer",
    account_id: accountId,
    id: customer.id(),
    fetched_at: fetchedAt,
    details: customer.raw("deleted") === true ? { email: null, name: null } : customer.details(),
  };
}
