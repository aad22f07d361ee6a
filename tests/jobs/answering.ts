import Stripe from "stripe";
import type { Account } from "../../src/stripe/account.ts";

/** What Stripe answers to a path with its query; a number is an error of that status. */
export type Answers = (url: URL) => object | number;

/** The first account, with a Stripe behind it that answers so; each path asked for is handed to `say`. */
export function accountAnswering(answers: Answers, say: (path: string) => void = () => undefined): Account {
  const httpClient = Stripe.createFetchHttpClient(async (input: RequestInfo | URL) => {
    const url = new URL(input instanceof Request ? input.url : input);
    say(url.pathname);
    const answer = answers(url);
    if (typeof answer !== "number") return Response.json(answer);
    const type = answer < 500 ? "invalid_request_error" : "api_error";
    const headers = { "stripe-should-retry": "false", ...(answer === 429 && { "retry-after": "120" }) };
    return Response.json(
      { error: { type, code: answer === 404 ? "resource_missing" : undefined, message: "no" } },
      { status: answer, headers },
    );
  });
  const stripe = new Stripe("sk_test_stub", { httpClient, maxNetworkRetries: 0 });
  return { id: 1n, slug: "alov", stripeAccountId: null, webhookSecrets: ["whsec_stub"], stripe };
}

/** A page of a list, as Stripe answers. */
export function page(data: object[], hasMore = false): object {
  return { object: "list", data, has_more: hasMore, url: "/v1/x" };
}
