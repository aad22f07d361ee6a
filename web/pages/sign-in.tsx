import type { Role } from "../../src/core/role.ts";
import { codeWords, roleWords, signInWords as words } from "../locales/en/sign-in.ts";
import { ErrorSummary, type Errors } from "../parts/field.tsx";
import { Input } from "../parts/form-parts.tsx";
import type { Frame } from "../parts/frame.ts";
import { Layout } from "../parts/layout.tsx";
import { Notice } from "../parts/notice.tsx";

export type SignInPageProps = {
  frame: Frame;
  /** Where to go afterwards: a path of our own, or blank. */
  to: string;
  email: string;
  error: string | null;
  /** What has just happened: signed out, the password changed. */
  said: "ended" | "changed" | null;
  isNobodyYet: boolean;
  /** The demo's roles, where its buttons are shown. */
  demo: readonly Role[];
};

/** `GET /sign-in`. */
export function SignInPage({ frame, to, email, error, said, isNobodyYet, demo }: SignInPageProps) {
  return (
    <Layout frame={frame} title={words.title} current={null}>
      <main id="main" class="wrap narrow">
        {error === null ? null : <ErrorSummary errors={{ form: error }} targets={{ form: "email" }} />}
        {said === null ? null : <Notice>{words[said]}</Notice>}
        {isNobodyYet ? <Notice>{words.nobodyYet}</Notice> : null}
        <p class="over">{words.over}</p>
        <h1>{words.title}</h1>
        {demo.length === 0 ? null : <DemoButtons roles={demo} to={to} />}
        <form class="panel sign-in" method="post" action="/sign-in" novalidate>
          <input type="hidden" name="to" value={to} />
          <Input name="email" label={words.email} type="email" autocomplete="username" value={email} />
          <Input name="password" label={words.password} type="password" autocomplete="current-password" />
          <button class="btn wide" type="submit">
            {words.submit}
          </button>
        </form>
        <p class="soft small">{words.forgotten}</p>
      </main>
    </Layout>
  );
}

function DemoButtons({ roles, to }: { roles: readonly Role[]; to: string }) {
  const people = [{ role: "donor", ...words.demo.donor }, ...roles.map((role) => ({ role, ...roleWords[role] }))];
  return (
    <section class="panel demo-people" aria-labelledby="demo-heading">
      <h2 id="demo-heading">{words.demo.heading}</h2>
      <p class="small soft">{words.demo.lead}</p>
      <form method="post" action="/sign-in/as">
        <input type="hidden" name="to" value={to} />
        <ul>
          {people.map(({ role, name, may }) => (
            <li>
              <button class="btn quiet" type="submit" name="role" value={role} aria-describedby={`demo-${role}`}>
                {words.demo.as(name)}
              </button>
              <span class="small soft" id={`demo-${role}`}>
                {may}
              </span>
            </li>
          ))}
        </ul>
      </form>
    </section>
  );
}

export type CodePageProps = { frame: Frame; to: string; errors: Errors };

/** `GET /sign-in/code`: the second step, after a right password. */
export function CodePage({ frame, to, errors }: CodePageProps) {
  return (
    <Layout frame={frame} title={codeWords.title} current={null}>
      <main id="main" class="wrap narrow">
        <ErrorSummary errors={errors} targets={{ code: "code" }} />
        <p class="over">{words.title}</p>
        <h1>{codeWords.title}</h1>
        <p class="lead">{codeWords.lead}</p>
        <form class="panel sign-in" method="post" action="/sign-in/code" novalidate>
          <input type="hidden" name="to" value={to} />
          <Input
            name="code"
            label={codeWords.code}
            hint={codeWords.hint}
            error={errors["code"]}
            autocomplete="one-time-code"
            maxlength={20}
          />
          <button class="btn wide" type="submit">
            {codeWords.submit}
          </button>
        </form>
        <p>
          <a href="/sign-in">{codeWords.again}</a>
        </p>
      </main>
    </Layout>
  );
}
