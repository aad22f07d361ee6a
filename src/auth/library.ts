import { randomInt } from "node:crypto";
import { betterAuth } from "better-auth";
import { isAPIError } from "better-auth/api";
import { twoFactor } from "better-auth/plugins/two-factor";
import pg from "pg";
import { passwordLengthMax, passwordLengthMin } from "../core/password.ts";
import type { Auth, AuthOptions, CodeChecked, SignedIn } from "./auth.ts";
import { hashPassword, isPassword, usualCosts } from "./password.ts";

/** What of `Auth` the library does. */
export type Library = Omit<Auth, "cookie" | "secret" | "hashPassword">;

/** How long a session lasts at most. Who may keep money is also signed out after half an hour's silence (sql/0019). */
const sessionSeconds = 12 * 60 * 60;

/**
 * The library on connections of its own: its transactions are not for our pool (porsager/postgres #1204). Nothing of it is
 * mounted: our own forms call it, so that there is no address besides those of `app.ts`.
 */
export function openLibrary(options: AuthOptions & Pick<Auth, "cookie">): Library {
  const { databaseUrl, baseUrl, secret, cookie, connections = 4, costs = usualCosts } = options;
  const pool = new pg.Pool({
    connectionString: databaseUrl,
    max: connections,
    connectionTimeoutMillis: 10_000,
    idleTimeoutMillis: 10_000,
    application_name: "almonry sign-in",
  });
  // A connection that breaks while nobody uses it is replaced by the next one.
  pool.on("error", () => undefined);
  const { api } = configure(pool, { baseUrl, secret, cookie, costs });

  return {
    async signIn(headers, { email, password }): Promise<SignedIn> {
      const answer = await allowed(api.signInEmail({ body: { email, password }, headers, returnHeaders: true }));
      if (answer === null) return { outcome: "refused" };
      const cookies = answer.headers.getSetCookie();
      return { outcome: "twoFactorRedirect" in answer.response ? "code needed" : "signed in", cookies };
    },
    checkCode: async (headers, code) => await checked(api.verifyTOTP({ body: { code }, headers, returnHeaders: true })),
    checkRecoveryCode: async (headers, code) =>
      await checked(api.verifyBackupCode({ body: { code }, headers, returnHeaders: true })),
    async beginSecondFactor(headers, password) {
      const answer = await allowed(api.enableTwoFactor({ body: { password }, headers }));
      if (answer?.method !== "totp") return null;
      return { uri: answer.totpURI, recoveryCodes: answer.backupCodes };
    },
    async endSecondFactor(headers, password) {
      const answer = await allowed(api.disableTwoFactor({ body: { password }, headers, returnHeaders: true }));
      return answer?.headers.getSetCookie() ?? null;
    },
    async renewRecoveryCodes(headers, password) {
      const answer = await allowed(api.generateBackupCodes({ body: { password }, headers }));
      return answer?.backupCodes ?? null;
    },
    async changePassword(headers, { present, next }) {
      const body = { currentPassword: present, newPassword: next, revokeOtherSessions: true };
      const answer = await allowed(api.changePassword({ body, headers, returnHeaders: true }));
      return answer?.headers.getSetCookie() ?? null;
    },
    close: async () => await pool.end(),
  };
}

type Needs = Required<Pick<AuthOptions, "baseUrl" | "secret" | "costs">> & Pick<Auth, "cookie">;

function configure(pool: pg.Pool, { baseUrl, secret, cookie, costs }: Needs) {
  const stamps = { createdAt: "created_at", updatedAt: "updated_at" };
  return betterAuth({
    appName: "Almonry",
    baseURL: baseUrl,
    trustedOrigins: [baseUrl],
    secret,
    database: pool,
    telemetry: { enabled: false },
    // Its words quote what was typed; what fails is told by the routes, by names only.
    logger: { disabled: true },
    // Ours counts in the database and by a client address that nobody can make up: src/http/throttle.ts.
    rateLimit: { enabled: false },
    emailAndPassword: {
      enabled: true,
      disableSignUp: true,
      minPasswordLength: passwordLengthMin,
      maxPasswordLength: passwordLengthMax,
      password: { hash: async (password) => await hashPassword(password, costs), verify: isPassword },
    },
    user: {
      modelName: "auth.staff",
      fields: { emailVerified: "email_verified", ...stamps },
    },
    session: {
      modelName: "auth.session",
      expiresIn: sessionSeconds,
      disableSessionRefresh: true,
      cookieCache: { enabled: false },
      fields: {
        userId: "staff_id",
        expiresAt: "expires_at",
        ipAddress: "ip_address",
        userAgent: "user_agent",
        ...stamps,
      },
    },
    account: {
      modelName: "auth.credential",
      fields: {
        userId: "staff_id",
        accountId: "account_id",
        providerId: "provider_id",
        accessToken: "access_token",
        refreshToken: "refresh_token",
        idToken: "id_token",
        accessTokenExpiresAt: "access_token_expires_at",
        refreshTokenExpiresAt: "refresh_token_expires_at",
        ...stamps,
      },
    },
    verification: { modelName: "auth.challenge", fields: { expiresAt: "expires_at", ...stamps } },
    advanced: {
      // With it on, a name that starts with __Host- would get another prefix in front.
      useSecureCookies: false,
      cookiePrefix: cookie.name,
      cookies: { session_token: { name: cookie.name } },
      // Lax and not strict: mail and chat lead people to pages of the desk. Whatever changes something is a POST, which
      // this cookie does not go with from elsewhere, and which src/http/origin.ts refuses besides.
      defaultCookieAttributes: { httpOnly: true, path: "/", sameSite: "lax", secure: cookie.isSecure },
      ipAddress: { disableIpTracking: true },
      database: { validateSchema: false },
    },
    plugins: [
      twoFactor({
        issuer: "Almonry",
        backupCodeOptions: { customBackupCodesGenerate: newRecoveryCodes },
        schema: {
          user: { fields: { twoFactorEnabled: "two_factor_enabled" } },
          twoFactor: {
            modelName: "auth.two_factor",
            fields: {
              userId: "staff_id",
              backupCodes: "backup_codes",
              failedVerificationCount: "failed_verification_count",
              lockedUntil: "locked_until",
            },
          },
        },
      }),
    ],
  });
}

/** Letters and digits that nobody takes for another one. */
const plainLetters = "23456789abcdefghjkmnpqrstuvwxyz";

/** Ten codes of ten letters, 49 bits each: behind a right password and five tries a sign-in. */
function newRecoveryCodes(): string[] {
  return Array.from({ length: 10 }, () => {
    const letters = Array.from({ length: 10 }, () => plainLetters[randomInt(plainLetters.length)]).join("");
    return `${letters.slice(0, 5)}-${letters.slice(5)}`;
  });
}

/** Null for what the library refuses; anything else that it throws is a fault, or a database that is away. */
async function allowed<Answer>(answer: Promise<Answer>): Promise<Answer | null> {
  try {
    return await answer;
  } catch (error) {
    if (isAPIError(error) && error.statusCode < 500) return null;
    throw error;
  }
}

async function checked(answer: Promise<{ headers: Headers }>): Promise<CodeChecked> {
  try {
    const { headers } = await answer;
    return { outcome: "right", cookies: headers.getSetCookie() };
  } catch (error) {
    if (!isAPIError(error) || error.statusCode >= 500) throw error;
    const code = String(error.body?.code);
    if (code === "INVALID_TWO_FACTOR_COOKIE" || code === "TOO_MANY_ATTEMPTS_REQUEST_NEW_CODE")
      return { outcome: "too late" };
    return { outcome: code === "ACCOUNT_TEMPORARILY_LOCKED" ? "locked" : "wrong" };
  }
}
