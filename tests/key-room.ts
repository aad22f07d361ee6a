import type { KeyRoom } from "../src/http/deps.ts";
import { createSeal } from "../src/seal.ts";
import { stripeClient } from "../src/stripe/client.ts";
import type { Sandbox } from "../src/stripe/sandbox/sandbox.ts";

/** Keys as the desk of a house of tests deals with them; with the sandbox, or with nobody. */
export async function keyRoom(sandbox: Sandbox | null): Promise<KeyRoom> {
  return {
    seal: await createSeal(new Uint8Array(32).fill(0x5a)),
    connect: (key) =>
      stripeClient({
        key,
        fetch: sandbox?.fetch ?? (async () => await Promise.reject(new TypeError("no network here"))),
      }),
    fromSettings: () => ({ secretKeys: [], webhookSecrets: [] }),
    serveAnew: null,
  };
}
