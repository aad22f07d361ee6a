import Stripe from "stripe";
import { signatureToleranceMs } from "../core/clock.ts";

/** How far a signature's clock may be from ours, on either side. */
const toleranceSeconds = signatureToleranceMs / 1000;

/** A real header has a timestamp and a few signatures of 64 hex digits each; this leaves room for twenty. */
const headerCharactersMax = 2048;

const checkTheClocks = "check the clocks: the page /desk of this service says how far ours is from Stripe's";

/** What came of checking a delivery: the signed text and the place of the secret that matched, or why it is refused. */
export type SignatureCheck = { ok: true; text: string; secretIndex: number } | { ok: false; reason: string };

/**
 * Checks that one of `secrets`, tried in order, signed exactly these bytes within five minutes of `now`.
 * The SDK checks the signature and that it is not too old; it accepts any time ahead, so that side is checked here.
 */
export async function verifySignature(delivery: {
  body: Uint8Array;
  header: string | null | undefined;
  secrets: readonly string[];
  now: Date;
}): Promise<SignatureCheck> {
  const { body, header, secrets, now } = delivery;
  if (header === null || header === undefined || header === "") return refused("there is no Stripe-Signature header");
  if (header.length > headerCharactersMax) return refused("the Stripe-Signature header is too long");
  const signedAt = timestampOf(header);
  if (signedAt === null) return refused("the Stripe-Signature header has no timestamp");
  const ageSeconds = Math.floor(now.getTime() / 1000) - signedAt;
  if (ageSeconds < -toleranceSeconds)
    return refused(`the signature is more than 5 minutes ahead of our clock; ${checkTheClocks}`);
  if (ageSeconds > toleranceSeconds) return refused(`the signature is more than 5 minutes old; ${checkTheClocks}`);
  const text = decode(body);
  if (text === null) return refused("the body is not UTF-8");
  for (const [secretIndex, secret] of secrets.entries()) {
    if (await matches(text, header, secret, now)) return { ok: true, text, secretIndex };
  }
  return refused("no signature matches a secret of this endpoint; check its webhook signing secret");
}

function refused(reason: string): SignatureCheck {
  return { ok: false, reason };
}

/** The last `t=` of the header, as the SDK reads it, in seconds. */
function timestampOf(header: string): number | null {
  const values = header.split(",").filter((part) => part.startsWith("t="));
  const seconds = Number.parseInt(values.at(-1)?.slice(2) ?? "", 10);
  return Number.isSafeInteger(seconds) ? seconds : null;
}

// The SDK would drop a byte order mark and mend broken bytes before it compares, and so call signed what was not.
const utf8 = new TextDecoder("utf-8", { fatal: true, ignoreBOM: true });

function decode(body: Uint8Array): string | null {
  try {
    return utf8.decode(body);
  } catch {
    return null;
  }
}

async function matches(text: string, header: string, secret: string, now: Date): Promise<boolean> {
  const { signature } = Stripe.webhooks;
  if (signature === null) throw new Error("this build of the Stripe SDK has no signature check");
  try {
    return await signature.verifyHeaderAsync(text, header, secret, toleranceSeconds, undefined, now.getTime());
  } catch (error) {
    if (error instanceof Stripe.errors.StripeSignatureVerificationError) return false;
    throw error;
  }
}
