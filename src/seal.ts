/** What a sealed text is bound to: it opens for the same words only. */
export type About = readonly string[];

/** A text that only who holds the key can read. `iv` is 12 bytes, both base64. */
export type Sealed = { iv: string; ciphertext: string };

/** Keeps texts secret by one key: AES-256-GCM of Web Crypto, which Node and Workers have alike. */
export type Seal = {
  /** Names the key, so that what another one sealed can be told from what was damaged: 16 hex digits. */
  fingerprint: string;
  seal: (text: string, about: About) => Promise<Sealed>;
  /** The text, or null when it was sealed by another key, about something else, or was altered. */
  open: (sealed: Sealed, about: About) => Promise<string | null>;
};

/** A seal of `SETTINGS_KEY`, which is 32 random bytes. */
export async function createSeal(bytes: Uint8Array): Promise<Seal> {
  const raw = Uint8Array.from(bytes);
  const key = await crypto.subtle.importKey("raw", raw, "AES-GCM", false, ["encrypt", "decrypt"]);
  const named = new Uint8Array([...encoder.encode("almonry settings key\n"), ...raw]);
  const digest = new Uint8Array(await crypto.subtle.digest("SHA-256", named));
  return {
    fingerprint: Array.from(digest.slice(0, 8), (byte) => byte.toString(16).padStart(2, "0")).join(""),
    async seal(text, about) {
      const iv = crypto.getRandomValues(new Uint8Array(12));
      const secret = await crypto.subtle.encrypt(algorithm(iv, about), key, encoder.encode(text));
      return { iv: toBase64(iv), ciphertext: toBase64(new Uint8Array(secret)) };
    },
    async open({ iv, ciphertext }, about) {
      try {
        const text = await crypto.subtle.decrypt(algorithm(fromBase64(iv), about), key, fromBase64(ciphertext));
        return new TextDecoder().decode(text);
      } catch {
        return null;
      }
    },
  };
}

const encoder = new TextEncoder();

/** JSON, so that no two lists of words read the same. */
function algorithm(iv: Uint8Array<ArrayBuffer>, about: About): AesGcmParams {
  return { name: "AES-GCM", iv, additionalData: encoder.encode(JSON.stringify(about)) };
}

function toBase64(bytes: Uint8Array): string {
  return btoa(String.fromCharCode(...bytes));
}

/** @throws DOMException for what is no base64 */
function fromBase64(text: string): Uint8Array<ArrayBuffer> {
  return Uint8Array.from(atob(text), (character) => character.charCodeAt(0));
}
