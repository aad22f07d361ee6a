import type Stripe from "stripe";
import type { SandboxChange, SandboxStore } from "../../core/sandbox.ts";

/** Every Stripe object that the sandbox keeps, by the value of its `object` property. */
export type Kinds = {
  product: Stripe.Product;
  price: Stripe.Price;
  shipping_rate: Stripe.ShippingRate;
  customer: Stripe.Customer;
  "checkout.session": Stripe.Checkout.Session;
  item: Stripe.LineItem;
  payment_intent: Stripe.PaymentIntent;
  charge: Stripe.Charge;
  refund: Stripe.Refund;
  balance_transaction: Stripe.BalanceTransaction;
  event: Stripe.EventBase;
};

export type Kind = keyof Kinds;
export type StripeObject = Kinds[Kind];

export type Store = SandboxStore<StripeObject>;
export type Change = SandboxChange<StripeObject>;

/** What `payment_intent_data` of a new session says. */
export type PaymentIntentData = {
  description?: string | undefined;
  metadata?: Stripe.Metadata | undefined;
  receipt_email?: string | undefined;
};

/** A session as it is kept: until somebody tries to pay, the data of the payment intent to come have no object of their own. */
export type KeptSession = Stripe.Checkout.Session & { payment_intent_data?: PaymentIntentData };
