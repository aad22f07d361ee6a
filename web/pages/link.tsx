import type { Role } from "../../src/core/role.ts";
import { linkWords as words, roleWords } from "../locales/en/sign-in.ts";
import { ErrorSummary, type Errors } from "../parts/field.tsx";
import { Input } from "../parts/form-parts.tsx";
import type { Frame } from "../parts/frame.ts";
import { Layout } from "../parts/layout.tsx";

export type LinkPageProps = {
  frame: Frame;
  /** The page's own address, to which its form goes. */
  path: string;
  kind: "set up" | "join" | "reset";
  /** What the link says of the person; empty for the first admin, who types it. */
  known: { email: string | null; roles: readonly Role[]; clearsTwoFactor: boolean };
  values: { name: string; email: string };
  errors: Errors;
};

/** A page behind a link that works once. Looking at it uses nothing up; its button does. */
export function LinkPage({ frame, path, kind, known, values, errors }: LinkPageProps) {
  const { title, lead, submit } = wordsOf(kind, known.email ?? "");
  return (
    <Layout frame={frame} title={title} current={null}>
      <main id="main" class="wrap narrow">
        <ErrorSummary errors={errors} targets={{ name: "name", email: "email", password: "password" }} />
        <h1>{title}</h1>
        <p class="lead">{lead}</p>
        {known.roles.length === 0 ? null : (
          <p>
            {words.join.roles} {known.roles.map((role) => `${roleWords[role].name}: ${roleWords[role].may}`).join("; ")}
            .
          </p>
        )}
        {known.clearsTwoFactor ? <p>{words.reset.clears}</p> : null}
        <form class="panel sign-in" method="post" action={path} novalidate>
          {kind === "reset" ? null : (
            <Input
              name="name"
              label={words.name}
              hint={words.nameHint}
              error={errors["name"]}
              value={values.name}
              autocomplete="name"
              maxlength={100}
            />
          )}
          {kind === "set up" ? (
            <Input
              name="email"
              label={words.email}
              type="email"
              error={errors["email"]}
              value={values.email}
              autocomplete="username"
            />
          ) : (
            <input type="hidden" name="username" autocomplete="username" value={known.email ?? ""} />
          )}
          <Input
            name="password"
            label={words.password}
            hint={words.passwordHint}
            type="password"
            error={errors["password"]}
            autocomplete="new-password"
          />
          <button class="btn wide" type="submit">
            {submit}
          </button>
        </form>
      </main>
    </Layout>
  );
}

function wordsOf(kind: LinkPageProps["kind"], email: string): { title: string; lead: string; submit: string } {
  if (kind === "set up") return words.setUp;
  const { title, lead, submit } = kind === "join" ? words.join : words.reset;
  return { title, lead: lead(email), submit };
}
