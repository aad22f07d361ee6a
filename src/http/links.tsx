import { Hono, type Context } from "hono";
import { readFirstAdmin, readJoin, readNewPassword, type StaffRefusal } from "../core/staff.ts";
import { readLink, type LinkKind, type OpenLink } from "../db/link.ts";
import { joinStaff, makeFirstAdmin, resetPassword, type Outcome } from "../db/staff.ts";
import { staffRefusalWords } from "../../web/locales/en/sign-in.ts";
import { LinkPage } from "../../web/pages/link.tsx";
import type { Errors } from "../../web/parts/field.tsx";
import type { Deps, Env } from "./deps.ts";
import { Refused } from "./failure.ts";
import { readFields } from "./form.ts";
import type { Frames } from "./frame.ts";
import { neverKept } from "./headers.ts";
import { forgetCookie, leave, setCookies } from "./session.ts";
import { withoutCookies } from "./sign-in.tsx";
import { requireTurn } from "./throttle.ts";

const kinds = { setup: "set up", join: "join", reset: "reset" } as const satisfies Record<string, LinkKind>;

/**
 * `/setup/:token`, `/join/:token`, `/reset/:token`: addresses that work once. Looking at one changes nothing, as often as
 * mail programs and messengers do it; only the button of its page uses it up.
 */
export function linkRoutes(deps: Deps, frames: Frames): Hono<Env> {
  const app = new Hono<Env>();

  async function open(c: Context<Env>, kind: LinkKind): Promise<OpenLink> {
    const link = await readLink(deps.sql, kind, c.req.param("token") ?? "");
    if (link === null) throw new Refused("link used");
    return link;
  }

  type Typed = { name: string; email: string; errors: Errors };
  async function show(
    c: Context<Env>,
    kind: LinkKind,
    link: OpenLink,
    { errors, ...values }: Typed,
  ): Promise<Response> {
    const known = {
      email: link.email,
      roles: link.roles.map(({ role }) => role),
      clearsTwoFactor: link.clearsTwoFactor,
    };
    return await c.html(
      <LinkPage
        frame={await frames.read(c)}
        path={c.req.path}
        kind={kind}
        known={known}
        values={values}
        errors={errors}
      />,
    );
  }

  for (const [name, kind] of Object.entries(kinds)) {
    app.use(`/${name}/:token`, neverKept);
    app.get(`/${name}/:token`, async (c) => {
      const link = await open(c, kind);
      return await show(c, kind, link, { name: link.name ?? "", email: "", errors: {} });
    });
    app.post(`/${name}/:token`, async (c) => {
      await requireTurn(c, deps, null);
      const link = await open(c, kind);
      const fields = await readFields(c);
      const used = await use(deps, kind, link, fields);
      if (!used.ok) {
        c.status(422);
        const typed = { name: fields["name"] ?? "", email: fields["email"] ?? "" };
        return await show(c, kind, link, { ...typed, errors: used.errors });
      }
      await leave(c, deps);
      return await enter(c, deps, kind, { email: used.email, password: fields["password"] ?? "" });
    });
  }

  return app;
}

type Used = { ok: true; email: string } | { ok: false; errors: Errors };

async function use(
  deps: Deps,
  kind: LinkKind,
  link: OpenLink,
  fields: Readonly<Record<string, string>>,
): Promise<Used> {
  const { auth, sql } = deps;
  const { hash } = link;
  if (kind === "set up") {
    const read = readFirstAdmin(fields);
    if (!read.ok) return { ok: false, errors: inWords(read.refusals) };
    const { name, email, password } = read.value;
    const made = await makeFirstAdmin(sql, { hash, name, email, password: await auth.hashPassword(password) });
    return after(made, email);
  }
  if (kind === "join") {
    const read = readJoin(fields, link.email ?? "");
    if (!read.ok) return { ok: false, errors: inWords(read.refusals) };
    const { name, password } = read.value;
    return after(await joinStaff(sql, { hash, name, password: await auth.hashPassword(password) }), link.email ?? "");
  }
  const read = readNewPassword(fields, "password", [link.name ?? "", link.email ?? ""]);
  if (!read.ok) return { ok: false, errors: inWords(read.refusals) };
  return after(
    await resetPassword(sql, { hash, password: await auth.hashPassword(read.value.password) }),
    link.email ?? "",
  );
}

/** A link that somebody else used in the meantime is used; what else the database refuses stands above the form. */
function after({ ok, ...outcome }: Outcome<string>, email: string): Used {
  if (ok) return { ok: true, email };
  const refusal = "refusal" in outcome ? outcome.refusal : "";
  if (/^(?:this link|somebody was faster)/u.test(refusal)) throw new Refused("link used");
  return { ok: false, errors: { form: refusal } };
}

/** Whoever joined is in; a new password is tried at once by signing in with it. */
async function enter(
  c: Context<Env>,
  deps: Deps,
  kind: LinkKind,
  typed: { email: string; password: string },
): Promise<Response> {
  if (kind === "reset") {
    forgetCookie(c, deps);
    return c.redirect("/sign-in?said=changed", 303);
  }
  const answer = await deps.auth.signIn(withoutCookies(c), typed);
  if (answer.outcome === "refused") return c.redirect("/sign-in", 303);
  setCookies(c, answer.cookies);
  return c.redirect("/sign-in", 303);
}

function inWords(refusals: readonly StaffRefusal[]): Errors {
  return Object.fromEntries(refusals.map((refusal) => [refusal.field, staffRefusalWords(refusal)]));
}
