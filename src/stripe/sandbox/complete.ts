import type Stripe from "stripe";
import { cards } from "./card.ts";
import { customer } from "./customer.ts";
import { finish, idOf, put } from "./entry.ts";
import { emit } from "./event.ts";
import type { Payer } from "./payer.ts";
import type { Scope } from "./scope.ts";
import type { Change, Kinds } from "./store.ts";

type Session = Kinds["checkout.session"];

/** What paying brought to a session. */
export type Outcome = Partial<
  Pick<Session, "customer" | "payment_intent" | "subscription" | "invoice" | "presentment_details">
> & { payment_status: "paid" | "unpaid" | "no_payment_required" };

/** The person has done with the session, whether or not the money is there. */
export function complete(scope: Scope, change: Change, session: Session, payer: Payer, outcome: Outcome): Session {
  const country = cards[payer.card].country;
  const done: Session = {
    ...session,
    ...outcome,
    collected_information:
      payer.shipping === null ? null : { business_name: null, individual_name: null, shipping_details: payer.shipping },
    customer_details: {
      address: { city: null, country, line1: null, line2: null, postal_code: null, state: null },
      business_name: null,
      email: payer.email,
      individual_name: null,
      name: payer.name,
      phone: null,
      tax_exempt: "none",
      tax_ids: [],
    },
    status: "complete",
    url: null,
  };
  put(change, scope.account, done);
  emit(scope, change, "checkout.session.completed", done);
  finish(change, scope.account, "expire", session.id);
  return done;
}

/** A customer is made of a payer; `null` where the payer stays a guest, since the session does not ask for one. */
export function payingCustomer(scope: Scope, change: Change, session: Session, payer: Payer): string | null {
  if (session.customer !== null || session.customer_creation !== "always") return idOf(session.customer);
  return newCustomer(scope, change, payer).id;
}

export function newCustomer(scope: Scope, change: Change, { email, name }: Payer): Stripe.Customer {
  const made = customer(scope, { email, name });
  put(change, scope.account, made);
  emit(scope, change, "customer.created", made);
  return made;
}
