import type Stripe from "stripe";
import { z } from "zod";
import type { Endpoint } from "./endpoint.ts";
import { expand } from "./parameter.ts";
import type { Scope } from "./scope.ts";

/** The account's id at the sandbox: its name, in letters that Stripe's ids have. */
export function accountId(slug: string): string {
  return `acct_sandbox${slug.replaceAll("-", "0")}`;
}

/** What an account says of itself, as far as the sandbox plays it: its name, and how it is paid out. */
async function account(scope: Scope): Promise<Stripe.Account> {
  const { payouts, settlesIn } = scope.settings;
  const name = await scope.accountName();
  return {
    id: accountId(scope.account),
    object: "account",
    business_profile: {
      annual_revenue: null,
      estimated_worker_count: null,
      mcc: null,
      minority_owned_business_designation: null,
      name,
      product_description: null,
      specified_commercial_transactions_act_url: null,
      support_address: null,
      support_email: null,
      support_phone: null,
      support_url: null,
      url: null,
    },
    charges_enabled: true,
    country: "CA",
    default_currency: settlesIn[0],
    details_submitted: true,
    email: null,
    payouts_enabled: true,
    settings: {
      branding: { icon: null, logo: null, primary_color: null, secondary_color: null },
      card_payments: {
        statement_descriptor_prefix: null,
        statement_descriptor_prefix_kana: null,
        statement_descriptor_prefix_kanji: null,
      },
      dashboard: { display_name: name, timezone: "America/Toronto" },
      payments: {
        statement_descriptor: null,
        statement_descriptor_kana: null,
        statement_descriptor_kanji: null,
        statement_descriptor_prefix_kana: null,
        statement_descriptor_prefix_kanji: null,
      },
      payouts: {
        debit_negative_balances: true,
        schedule: { delay_days: 2, interval: payouts === "daily" ? "daily" : "manual" },
        statement_descriptor: null,
      },
    },
    type: "standard",
  };
}

export const accountEndpoints: Endpoint[] = [
  {
    method: "GET",
    path: "/v1/account",
    schema: z.strictObject({ expand: expand.optional() }),
    run: (scope) => account(scope),
  },
];
