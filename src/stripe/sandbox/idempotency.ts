import type { SandboxAnswer } from "../../core/sandbox.ts";
import { Refusal } from "./error.ts";
import type { Store } from "./store.ts";

const dayMs = 24 * 60 * 60 * 1000;

type Named = { account: string; key: string; text: string };
type Outcome = { answer: object; isReplayed: boolean };
export type Idempotency = (
  named: Named,
  run: (remember: (body: string) => SandboxAnswer) => Promise<object>,
) => Promise<Outcome>;

/**
 * Idempotency keys as Stripe keeps them for a day: the same key with the same parameters is answered with the stored
 * answer, with other parameters it is refused (400), and while the first is still under way it is a conflict (409).
 * A refused request stores nothing and may be sent again. https://docs.stripe.com/api/idempotent_requests
 */
export function createIdempotency(store: Store, wallClock: () => Date): Idempotency {
  const underWay = new Set<string>();
  let forgotten = wallClock().getTime();

  return async ({ account, key, text }, run) => {
    const name = `${account} ${key}`;
    if (key.length > 255) throw refusal(400, "Idempotency keys may be at most 255 characters long.");
    if (underWay.has(name)) {
      throw refusal(
        409,
        `There is currently another in-progress request using this Idempotent Key: ${key}`,
        "idempotency_key_in_use",
      );
    }
    underWay.add(name);
    try {
      const at = wallClock();
      const request = await digest(text);
      const known = await store.answer(account, key, new Date(at.getTime() - dayMs));
      if (known !== null && known.request !== request) {
        throw refusal(
          400,
          `Keys for idempotent requests can only be used with the same parameters they were first used with. Try using a key other than '${key}' if you meant to execute a different request.`,
        );
      }
      if (known !== null) return { answer: JSON.parse(known.body) as object, isReplayed: true };
      if (at.getTime() - forgotten > dayMs) {
        forgotten = at.getTime();
        await store.forgetAnswers(new Date(at.getTime() - dayMs));
      }
      return { answer: await run((body) => ({ account, key, request, body, at })), isReplayed: false };
    } finally {
      underWay.delete(name);
    }
  };
}

function refusal(status: 400 | 409, message: string, code?: string): Refusal {
  return new Refusal(status, { type: "idempotency_error", message, ...(code === undefined ? {} : { code }) });
}

async function digest(text: string): Promise<string> {
  const hash = await crypto.subtle.digest("SHA-256", new TextEncoder().encode(text));
  return Array.from(new Uint8Array(hash), (byte) => byte.toString(16).padStart(2, "0")).join("");
}
