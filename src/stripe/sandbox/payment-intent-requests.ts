import { filters, listing, retrieval } from "./endpoint.ts";
import type { Endpoint } from "./endpoint.ts";

export const paymentIntentEndpoints: Endpoint[] = [
  retrieval("payment_intent", "/v1/payment_intents"),
  listing("payment_intent", "/v1/payment_intents", filters("customer")),
];
