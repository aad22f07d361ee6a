import { Hono, type Context } from "hono";
import { needsSecondFactor, readNewPassword } from "../core/staff.ts";
import { endSessions, hasPassword, listSessions, listStaff } from "../db/staff.ts";
import { accountWords as words } from "../../web/locales/en/account.ts";
import { signInWords, staffRefusalWords } from "../../web/locales/en/sign-in.ts";
import { AccountPage } from "../../web/pages/account.tsx";
import { SecondFactorPage, type SecondFactorPageProps } from "../../web/pages/second-factor.tsx";
import type { Errors } from "../../web/parts/field.tsx";
import type { Deps, Env } from "./deps.ts";
import { readFields } from "./form.ts";
import type { Frames } from "./frame.ts";
import { guardOwn, secondFactorPath, signedIn } from "./guard.ts";
import { neverKept } from "./headers.ts";
import { forgetCookie, setCookies } from "./session.ts";
import { tooOften } from "./sign-in.tsx";
import { forgetTurns, takeTurnAt } from "./throttle.ts";

/** `/account`: whoever is signed in changes the password, sets up a second factor, and sees and ends sessions. */
export function accountRoutes(deps: Deps, frames: Frames): Hono<Env> {
  const app = new Hono<Env>();
  app.use("/account/*", neverKept, guardOwn(deps));

  async function show(c: Context<Env>, errors: Errors, said = ""): Promise<Response> {
    const { staff, email, sessionId, hasSecondFactor } = signedIn(c);
    const [frame, everybody, sessions, withPassword] = await Promise.all([
      frames.read(c),
      listStaff(deps.sql),
      listSessions(deps.sql, staff.id),
      hasPassword(deps.sql, staff.id),
    ]);
    return await c.html(
      <AccountPage
        frame={frame}
        name={staff.name}
        email={email}
        roles={everybody.find(({ id }) => id === staff.id)?.memberships ?? []}
        hasSecondFactor={hasSecondFactor}
        hasPassword={withPassword}
        sessions={sessions.map((session) => ({ ...session, isHere: session.id === sessionId }))}
        errors={errors}
        said={said}
      />,
    );
  }

  app.get("/account", async (c) => await show(c, {}, c.req.query("said") ?? ""));

  app.post("/account/password", async (c) => {
    const { staff, email } = signedIn(c);
    const fields = await readFields(c);
    const read = readNewPassword(fields, "next", [staff.name, email]);
    if (!read.ok) return await refuse(c, show, inWords(read.refusals));
    const present = fields["present"] ?? "";
    const cookies = await withTurn(c, deps, async () => {
      const changed = await deps.auth.changePassword(c.req.raw.headers, { present, next: read.value.password });
      return changed;
    });
    if (typeof cookies === "number")
      return await tooOften(c, cookies, async (error) => await show(c, { present: error }));
    if (cookies === null) return await refuse(c, show, { present: words.password.wrong });
    setCookies(c, cookies);
    return c.redirect("/account?said=password", 303);
  });

  app.post("/account/sessions", async (c) => {
    const { staff, sessionId } = signedIn(c);
    const { session = "" } = await readFields(c);
    if (session === "all" || session === sessionId) {
      await endSessions(deps.sql, staff.id, session === "all" ? {} : { only: sessionId });
      forgetCookie(c, deps);
      return c.redirect("/sign-in?said=ended", 303);
    }
    await endSessions(deps.sql, staff.id, session === "others" ? { but: sessionId } : { only: session });
    return c.redirect(`/account?said=${session === "others" ? "sessions" : "session"}`, 303);
  });

  type Shown = Partial<Pick<SecondFactorPageProps, "begun" | "renewed" | "isConfirming" | "errors">>;
  async function showSecond(c: Context<Env>, shown: Shown = {}): Promise<Response> {
    const { staff, email, hasSecondFactor } = signedIn(c);
    const isNeeded = deps.mode !== "sandbox" && needsSecondFactor(staff);
    const state = { begun: null, renewed: null, isConfirming: false, errors: {}, ...shown };
    return await c.html(
      <SecondFactorPage
        frame={await frames.read(c)}
        email={email}
        isOn={hasSecondFactor}
        isNeeded={isNeeded}
        {...state}
      />,
    );
  }
  const refuseSecond = async (c: Context<Env>, field: string, error: string): Promise<Response> =>
    await refuse(c, async (_, errors) => await showSecond(c, { errors }), { [field]: error });

  app.get(secondFactorPath, async (c) => await showSecond(c));

  // The answer shows what is shown once, so it is the page itself and no redirect.
  app.post(secondFactorPath, async (c) => {
    const { password = "" } = await readFields(c);
    const begun = await withTurn(c, deps, async () => await deps.auth.beginSecondFactor(c.req.raw.headers, password));
    if (typeof begun === "number") return await refuseSecond(c, "password", waitWords(c, begun));
    if (begun === null) return await refuseSecond(c, "password", words.secondFactor.wrongPassword);
    return await showSecond(c, { begun });
  });

  app.post(`${secondFactorPath}/confirm`, async (c) => {
    const { code = "" } = await readFields(c);
    const answer = await withTurn(c, deps, async () => {
      const checked = await deps.auth.checkCode(c.req.raw.headers, code.replace(/\s+/gu, "").slice(0, 10));
      return checked.outcome === "right" ? checked.cookies : null;
    });
    if (typeof answer === "number" || answer === null) {
      c.status(typeof answer === "number" ? 429 : 422);
      const error = typeof answer === "number" ? waitWords(c, answer) : words.secondFactor.wrongCode;
      return await showSecond(c, { isConfirming: true, errors: { code: error } });
    }
    setCookies(c, answer);
    return c.redirect("/account?said=second-factor", 303);
  });

  app.post(`${secondFactorPath}/codes`, async (c) => {
    const password = (await readFields(c))["renew-password"] ?? "";
    const renewed = await withTurn(
      c,
      deps,
      async () => await deps.auth.renewRecoveryCodes(c.req.raw.headers, password),
    );
    if (typeof renewed === "number") return await refuseSecond(c, "renew", waitWords(c, renewed));
    if (renewed === null) return await refuseSecond(c, "renew", words.secondFactor.wrongPassword);
    return await showSecond(c, { renewed });
  });

  app.post(`${secondFactorPath}/off`, async (c) => {
    const { staff } = signedIn(c);
    const password = (await readFields(c))["off-password"] ?? "";
    if (deps.mode !== "sandbox" && needsSecondFactor(staff))
      return await refuseSecond(c, "off", words.secondFactor.mustStay);
    const cookies = await withTurn(c, deps, async () => await deps.auth.endSecondFactor(c.req.raw.headers, password));
    if (typeof cookies === "number") return await refuseSecond(c, "off", waitWords(c, cookies));
    if (cookies === null) return await refuseSecond(c, "off", words.secondFactor.wrongPassword);
    setCookies(c, cookies);
    return c.redirect("/account?said=no-second-factor", 303);
  });

  return app;
}

/**
 * Tries a secret of whoever is signed in, as often as signing in may be tried: a session left open is no way to guess.
 * @returns what `work` answers, or after how many seconds to come again
 */
async function withTurn<Value>(
  c: Context<Env>,
  deps: Deps,
  work: () => Promise<Value | null>,
): Promise<Value | number | null> {
  const { email } = signedIn(c);
  const wait = await takeTurnAt(c, deps, email);
  if (wait > 0) return wait;
  const answer = await work();
  if (answer !== null) await forgetTurns(deps, email);
  return answer;
}

function waitWords(c: Context<Env>, wait: number): string {
  c.header("retry-after", String(wait));
  return signInWords.tooOften(wait);
}

async function refuse(
  c: Context<Env>,
  show: (c: Context<Env>, errors: Errors) => Promise<Response>,
  errors: Errors,
): Promise<Response> {
  c.status(422);
  return await show(c, errors);
}

function inWords(refusals: readonly Parameters<typeof staffRefusalWords>[0][]): Errors {
  return Object.fromEntries(refusals.map((refusal) => [refusal.field, staffRefusalWords(refusal)]));
}
