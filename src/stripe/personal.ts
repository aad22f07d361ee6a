/*
 * What in Stripe's objects names a person, in one place. Sources: the fields of each object in
 * https://docs.stripe.com/api/charges/object, /checkout/sessions/object, /payment_intents/object, /customers/object,
 * /invoices/object, /subscriptions/object, /refunds/object, /disputes/evidence_object, /payment_methods/object, /tokens/object
 * and /sources/object.
 */
const groups = [
  // Names, as people or others typed them.
  ["name", "first_name", "last_name", "maiden_name", "individual_name", "business_name", "customer_name"],
  ["account_holder_name", "cardholder_name", "verified_name", "signer_name", "nickname", "dob"],
  // Where somebody can be reached.
  ["email", "receipt_email", "customer_email", "customer_email_address", "instructions_email", "verified_email"],
  ["payer_email", "phone", "customer_phone", "verified_phone", "phone_number"],
  ["address", "customer_address", "billing_address", "shipping_address", "verified_address"],
  // Whole objects about whoever paid, and where it is sent.
  ["billing_details", "customer_details", "customer_shipping", "shipping", "shipping_details"],
  ["collected_information"],
  ["owner", "payer_details", "evidence", "custom_fields", "card", "bank_account", "us_bank_account", "link"],
  // The means of payment: holders, last digits, fingerprints.
  ["payment_method_details", "sources", "last4", "dynamic_last4", "fingerprint", "account_number"],
  ["routing_number", "bank_name", "exp_month", "exp_year", "destination_details", "next_action"],
  // Tax ids, addresses of machines, and what was seen through them.
  ["tax_id", "tax_ids", "customer_tax_ids", "personal_id_number", "ssn_last_4", "id_number"],
  ["ip", "ip_address", "client_ip", "customer_purchase_ip", "user_agent"],
  // Free text, in which anybody may stand, and links under which Stripe shows all of it.
  ["description", "comment", "note", "footer", "memo"],
  ["receipt_url", "hosted_invoice_url", "hosted_verification_url", "invoice_pdf", "client_secret"],
];
const personal = new Set(groups.flat());

/** Keys of metadata that we write ourselves and that name nobody (stripe/checkout.ts); a donor's note is not one of them. */
const ours = new Set(["order", "show", "fund", "campaign", "kind", "item", "variant", "almonry"]);

/**
 * The body of a delivery without what names a person: null in its place. Ids, amounts, days, states and our own metadata stay.
 * @returns "{}" for a body that is no JSON: of it nobody can tell what it says
 */
export function withoutPersons(body: string): string {
  try {
    return JSON.stringify(JSON.parse(body, (key, value: unknown) => emptied(key, value)));
  } catch {
    return "{}";
  }
}

function emptied(key: string, value: unknown): unknown {
  if (personal.has(key) || key.startsWith("address_")) return null;
  if (key !== "metadata" || typeof value !== "object" || value === null) return value;
  return Object.fromEntries(Object.entries(value).filter(([name]) => ours.has(name)));
}
