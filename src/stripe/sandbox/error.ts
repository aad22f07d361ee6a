/** What Stripe's error bodies say; the SDK makes its exceptions of them. https://docs.stripe.com/api/errors */
export type ErrorBody = {
  type: "invalid_request_error" | "idempotency_error" | "card_error";
  message: string;
  code?: string;
  param?: string;
  charge?: string;
  decline_code?: string;
};

/** A request that the sandbox refuses as Stripe would. */
export class Refusal extends Error {
  readonly status: 400 | 401 | 402 | 403 | 404 | 409;
  readonly body: ErrorBody;

  constructor(status: 400 | 401 | 402 | 403 | 404 | 409, body: ErrorBody) {
    super(body.message);
    this.name = "Refusal";
    this.status = status;
    this.body = body;
  }
}

/** 400 with Stripe's words, and where there are any its code and the parameter at fault. */
export function badRequest(body: Omit<ErrorBody, "type">): Refusal {
  return new Refusal(400, { type: "invalid_request_error", ...body });
}

/** 403 in Stripe's own words: a restricted key lacks a right. */
export function notPermitted({ key, account, right }: Record<"key" | "account" | "right", string>): Refusal {
  return new Refusal(403, {
    type: "invalid_request_error",
    message:
      `The provided key '${key}' does not have the required permissions for this endpoint on account '${account}'. ` +
      `Having the 'rak_${right}' permission would allow this request to continue.`,
  });
}

/** 402: the bank does not pay. */
export function cardDeclined(charge: string | null): Refusal {
  return new Refusal(402, {
    type: "card_error",
    code: "card_declined",
    decline_code: "generic_decline",
    message: "Your card was declined.",
    ...(charge === null ? {} : { charge }),
  });
}

/** 404: there is no such object in this account. `noun` is Stripe's word for it, `param` what named it. */
export function missing(noun: string, id: string, param = "id"): Refusal {
  return new Refusal(404, {
    type: "invalid_request_error",
    code: "resource_missing",
    message: `No such ${noun}: '${id}'`,
    param,
  });
}
