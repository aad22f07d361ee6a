import type Stripe from "stripe";
import type { SandboxChange, SandboxStore } from "../../core/sandbox.ts";
import type { Card } from "./card.ts";
import type { Payer } from "./payer.ts";

/** An object as the sandbox keeps it: with what it knows of it and never tells. `shown` in rendering.ts takes that away. */
type Kept<Object, Hidden> = Object & { hidden?: Hidden };

/** What `payment_intent_data` of a new session says. */
export type PaymentIntentData = {
  capture_method?: "automatic_async" | "manual" | undefined;
  description?: string | undefined;
  metadata?: Stripe.Metadata | undefined;
  receipt_email?: string | undefined;
};

/** What `subscription_data` of a new session says. */
export type SubscriptionData = {
  description?: string | undefined;
  metadata?: Stripe.Metadata | undefined;
  trial_period_days?: number | undefined;
};

/** Data of what a payment makes, and the payment intent of a first attempt where the session itself may not name it. */
export type HiddenOfSession = {
  intentData?: PaymentIntentData;
  subscriptionData?: SubscriptionData;
  intent?: string;
};

/** An amount that waits for the next invoice: what is left of an old price, or due for a new one. */
export type Proration = {
  amount: number;
  description: string;
  price: string;
  product: string;
  start: number;
  end: number;
};

/** Who pays a subscription, and what waits for its next invoice. */
export type HiddenOfSubscription = { payer: Payer; prorations: Proration[]; coupon: string | null };

/** Every Stripe object that the sandbox keeps, by the value of its `object` property. */
export type Kinds = {
  product: Stripe.Product;
  price: Stripe.Price;
  shipping_rate: Stripe.ShippingRate;
  coupon: Stripe.Coupon;
  promotion_code: Stripe.PromotionCode;
  customer: Kept<Stripe.Customer, { card: Card }>;
  "checkout.session": Kept<Stripe.Checkout.Session, HiddenOfSession>;
  item: Stripe.LineItem;
  subscription: Kept<Stripe.Subscription, HiddenOfSubscription>;
  invoice: Kept<Stripe.Invoice, { intent?: string; payment?: string; charge?: string }>;
  line_item: Stripe.InvoiceLineItem;
  invoice_payment: Stripe.InvoicePayment;
  "billing_portal.session": Stripe.BillingPortal.Session;
  payment_intent: Kept<Stripe.PaymentIntent, { payer?: Payer; invoice?: string; session?: string }>;
  charge: Kept<Stripe.Charge, { card: Card; invoice?: string }>;
  refund: Stripe.Refund;
  dispute: Stripe.Dispute;
  balance_transaction: Kept<Stripe.BalanceTransaction, { payout?: string }>;
  payout: Stripe.Payout;
  webhook_endpoint: Kept<Stripe.WebhookEndpoint, { secret: string }>;
  event: Stripe.EventBase;
};

export type Kind = keyof Kinds;
export type StripeObject = Kinds[Kind];

export type Store = SandboxStore<StripeObject>;
export type Change = SandboxChange<StripeObject>;
