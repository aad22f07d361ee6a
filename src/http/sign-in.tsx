import { Hono, type Context } from "hono";
import { mayAnywhere } from "../core/role.ts";
import { readEmail, safePath } from "../core/staff.ts";
import { isStaffEmpty } from "../db/staff.ts";
import { codeWords, signInWords } from "../../web/locales/en/sign-in.ts";
import { CodePage, SignInPage } from "../../web/pages/sign-in.tsx";
import type { Deps, Env } from "./deps.ts";
import { Refused } from "./failure.ts";
import { readFields } from "./form.ts";
import type { Frames } from "./frame.ts";
import { neverKept } from "./headers.ts";
import { isFromThisMachine } from "./loopback.ts";
import { enterAs, forgetCookie, leave, setCookies, whoIs } from "./session.ts";
import { forgetTurns, takeTurnAt } from "./throttle.ts";

/** Where whoever signed in goes who did not say: `/sign-in` knows by the role. */
const home = "/sign-in";

/** `/sign-in` with its second step and the demo's buttons, `/sign-out`. */
export function signInRoutes(deps: Deps, frames: Frames): Hono<Env> {
  const app = new Hono<Env>();
  app.use("/sign-in/*", neverKept);
  app.use("/sign-out", neverKept);

  type Shown = { to: string; email?: string; error?: string; said?: "ended" | "changed" };
  async function showForm(c: Context<Env>, { to, email = "", error, said }: Shown): Promise<Response> {
    const [frame, isNobodyYet] = await Promise.all([frames.read(c), isStaffEmpty(deps.sql)]);
    const demo = isFromThisMachine(c.req.raw.headers, deps) ? deps.demoStaff.map(({ role }) => role) : [];
    const shown = { frame, to, email, error: error ?? null, said: said ?? null, isNobodyYet, demo };
    return await c.html(<SignInPage {...shown} />);
  }

  async function showCode(c: Context<Env>, to: string, error?: string): Promise<Response> {
    const frame = await frames.read(c);
    return await c.html(<CodePage frame={frame} to={to} errors={error === undefined ? {} : { code: error }} />);
  }

  app.get("/sign-in", async (c) => {
    const asked = c.req.query("to");
    const to = asked === undefined ? "" : safePath(asked, "");
    const who = await whoIs(c, deps);
    if (who !== null)
      return c.redirect(to === "" ? (mayAnywhere(who.staff, "see desk") ? "/desk" : "/board") : to, 303);
    const said = c.req.query("said");
    return await showForm(c, { to, ...(said === "ended" || said === "changed" ? { said } : {}) });
  });

  app.post("/sign-in", async (c) => {
    const fields = await readFields(c);
    const typed = { email: readEmail(fields["email"] ?? "") ?? "", password: fields["password"] ?? "" };
    const shown = { to: safePath(fields["to"], ""), email: (fields["email"] ?? "").slice(0, 300) };
    const wait = await takeTurnAt(c, deps, fields["email"] ?? "");
    if (wait > 0) return await tooOften(c, wait, async (error) => await showForm(c, { ...shown, error }));
    const answer = await deps.auth.signIn(withoutCookies(c), typed);
    if (answer.outcome === "refused") {
      c.status(422);
      return await showForm(c, { ...shown, error: signInWords.refused });
    }
    await forgetTurns(deps, fields["email"] ?? "");
    await leave(c, deps);
    setCookies(c, answer.cookies);
    if (answer.outcome === "signed in") return c.redirect(shown.to === "" ? home : shown.to, 303);
    return c.redirect(`/sign-in/code?to=${encodeURIComponent(shown.to)}`, 303);
  });

  app.get("/sign-in/code", async (c) => await showCode(c, safePath(c.req.query("to"), "")));

  app.post("/sign-in/code", async (c) => {
    const fields = await readFields(c);
    const to = safePath(fields["to"], "");
    const code = (fields["code"] ?? "").replace(/\s+/gu, "").slice(0, 20);
    const wait = await takeTurnAt(c, deps, null);
    if (wait > 0) return await tooOften(c, wait, async (error) => await showCode(c, to, error));
    const headers = c.req.raw.headers;
    const answer = /^\d{6}$/u.test(code)
      ? await deps.auth.checkCode(headers, code)
      : await deps.auth.checkRecoveryCode(headers, code.toLowerCase());
    if (answer.outcome === "right") {
      setCookies(c, answer.cookies);
      return c.redirect(to === "" ? home : to, 303);
    }
    c.status(422);
    return await showCode(
      c,
      to,
      { wrong: codeWords.wrong, "too late": codeWords.late, locked: codeWords.locked }[answer.outcome],
    );
  });

  app.post("/sign-in/as", async (c) => {
    if (!isFromThisMachine(c.req.raw.headers, deps) || deps.demoStaff.length === 0) throw new Refused("not found");
    const fields = await readFields(c);
    const person = deps.demoStaff.find(({ role }) => role === fields["role"]);
    if (person === undefined && fields["role"] !== "donor") throw new Refused("not understood");
    await leave(c, deps);
    if (person === undefined) {
      forgetCookie(c, deps);
      return c.redirect("/", 303);
    }
    await enterAs(c, deps, person.id);
    return c.redirect(safePath(fields["to"], home), 303);
  });

  app.post("/sign-out", async (c) => {
    await leave(c, deps);
    forgetCookie(c, deps);
    return c.redirect("/sign-in?said=ended", 303);
  });

  return app;
}

/** Says how long to wait, on the form itself. */
export async function tooOften(
  c: Context<Env>,
  wait: number,
  show: (error: string) => Promise<Response>,
): Promise<Response> {
  c.status(429);
  c.header("retry-after", String(wait));
  return await show(signInWords.tooOften(wait));
}

/** What a browser brings along has no say in who it becomes: a new session begins with nothing of an older one. */
export function withoutCookies(c: Context): Headers {
  const headers = new Headers();
  const agent = c.req.header("user-agent");
  if (agent !== undefined) headers.set("user-agent", agent.slice(0, 300));
  return headers;
}
