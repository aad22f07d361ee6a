import { hashPassword, usualCosts, type Costs } from "./password.ts";
import type { Library } from "./library.ts";

/** What became of a try to sign in; `cookies` are the values of `Set-Cookie` that belong to it. */
export type SignedIn =
  | { outcome: "signed in"; cookies: string[] }
  /** The password is right; a code of the authenticator must follow within ten minutes. */
  | { outcome: "code needed"; cookies: string[] }
  | { outcome: "refused" };

/** What became of a code that was typed after the password, or to set the second factor up. */
export type CodeChecked = { outcome: "right"; cookies: string[] } | { outcome: "wrong" | "too late" | "locked" };

/** A second factor being set up: the address that an authenticator reads, and codes for when it is lost, shown once. */
export type NewSecondFactor = { uri: string; recoveryCodes: string[] };

/**
 * Passwords, codes and the cookies they earn. All else about staff (who they are, what they may do, whether a session
 * still opens anything) is in `src/db/staff.ts`. Each call takes the headers of the request, for its cookies.
 */
export type Auth = {
  /** The session's cookie. Its value is signed with `secret`, so that who can only read the database cannot make one. */
  cookie: { name: string; isSecure: boolean };
  secret: string;
  signIn: (headers: Headers, typed: { email: string; password: string }) => Promise<SignedIn>;
  checkCode: (headers: Headers, code: string) => Promise<CodeChecked>;
  /** Each recovery code opens once. */
  checkRecoveryCode: (headers: Headers, code: string) => Promise<CodeChecked>;
  /** Null when the password is not the right one. */
  beginSecondFactor: (headers: Headers, password: string) => Promise<NewSecondFactor | null>;
  /** The address again, while it is not confirmed; null when there is none to confirm or the password is wrong. */
  endSecondFactor: (headers: Headers, password: string) => Promise<string[] | null>;
  /** Old codes stop working; null when the password is not the right one. */
  renewRecoveryCodes: (headers: Headers, password: string) => Promise<string[] | null>;
  /** Ends every other session; null when the present password is not the right one. */
  changePassword: (headers: Headers, typed: { present: string; next: string }) => Promise<string[] | null>;
  hashPassword: (password: string) => Promise<string>;
  close: () => Promise<void>;
};

export type AuthOptions = {
  databaseUrl: string;
  /** How people reach the service, without a slash at the end. */
  baseUrl: string;
  /** What signs cookies and encrypts second factors: see `deriveSecret`. */
  secret: string;
  /** Connections of its own at most. */
  connections?: number;
  /** What hashing a password costs, if not as usual. */
  costs?: Costs;
};

/**
 * Sign-in by better-auth. It is loaded and connects when somebody first signs in, so that a service, a Worker's request or
 * a test in which nobody does pays nothing for it.
 */
export function createAuth(options: AuthOptions): Auth {
  const isSecure = options.baseUrl.startsWith("https://");
  const cookie = { name: isSecure ? "__Host-almonry" : "almonry", isSecure };
  let opening: Promise<Library> | null = null;
  const library = async (): Promise<Library> => {
    opening ??= import("./library.ts").then(({ openLibrary }) => openLibrary({ ...options, cookie }));
    return await opening;
  };
  return {
    cookie,
    secret: options.secret,
    signIn: async (headers, typed) => await (await library()).signIn(headers, typed),
    checkCode: async (headers, code) => await (await library()).checkCode(headers, code),
    checkRecoveryCode: async (headers, code) => await (await library()).checkRecoveryCode(headers, code),
    beginSecondFactor: async (headers, password) => await (await library()).beginSecondFactor(headers, password),
    endSecondFactor: async (headers, password) => await (await library()).endSecondFactor(headers, password),
    renewRecoveryCodes: async (headers, password) => await (await library()).renewRecoveryCodes(headers, password),
    changePassword: async (headers, typed) => await (await library()).changePassword(headers, typed),
    hashPassword: async (password) => await hashPassword(password, options.costs ?? usualCosts),
    async close() {
      await (await opening)?.close();
    },
  };
}

/** The secret of sign-in, derived from the 32 bytes of SETTINGS_KEY so that one key does not do two things. */
export async function deriveSecret(settingsKey: Uint8Array): Promise<string> {
  const key = await crypto.subtle.importKey("raw", new Uint8Array(settingsKey), "HKDF", false, ["deriveBits"]);
  const info = new TextEncoder().encode("almonry sign-in");
  const bits = await crypto.subtle.deriveBits(
    { name: "HKDF", hash: "SHA-256", salt: new Uint8Array(), info },
    key,
    256,
  );
  return Buffer.from(bits).toString("hex");
}
