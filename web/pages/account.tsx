import type { HeldRole } from "../../src/core/staff.ts";
import { accountWords as words } from "../locales/en/account.ts";
import { placeWords, roleWords } from "../locales/en/sign-in.ts";
import { browserName } from "../parts/browser-name.ts";
import { ErrorSummary, type Errors } from "../parts/field.tsx";
import { Input } from "../parts/form-parts.tsx";
import type { Frame } from "../parts/frame.ts";
import { Layout } from "../parts/layout.tsx";
import { Notice } from "../parts/notice.tsx";
import { momentInWords } from "../parts/when.ts";

export type AccountPageProps = {
  frame: Frame;
  name: string;
  email: string;
  roles: readonly HeldRole[];
  hasSecondFactor: boolean;
  /** False for the demo's people, who sign in by a button. */
  hasPassword: boolean;
  sessions: readonly { id: string; agent: string; since: Date; seenAt: Date; isHere: boolean }[];
  errors: Errors;
  /** What has just been done, by its name in the words. */
  said: string;
};

/** `GET /account`: one's own password, second factor and sessions. */
export function AccountPage(props: AccountPageProps) {
  const { frame, name, email, roles, hasSecondFactor, hasPassword, errors, said } = props;
  const notice = Object.hasOwn(words.said, said) ? words.said[said] : undefined;
  return (
    <Layout frame={frame} title={words.title} current={null}>
      <main id="main" class="wrap narrow">
        <ErrorSummary errors={errors} targets={{ present: "present", next: "next" }} />
        {notice === undefined ? null : <Notice>{notice}</Notice>}
        <p class="over">{words.over}</p>
        <h1>{words.title}</h1>
        <p class="lead">{words.as(name, email)}</p>
        <section aria-labelledby="roles-heading">
          <h2 id="roles-heading">{words.rolesHeading}</h2>
          {roles.length === 0 ? (
            <p>{words.noRoles}</p>
          ) : (
            <ul>
              {roles.map(({ role, organisation, fund }) => (
                <li>
                  <b>{roleWords[role].name}</b>,{" "}
                  {organisation === null ? placeWords.everywhere : placeWords.of(organisation, fund)}:{" "}
                  {roleWords[role].may}.
                </li>
              ))}
            </ul>
          )}
        </section>
        {hasPassword ? (
          <>
            <section aria-labelledby="second-factor-heading">
              <h2 id="second-factor-heading">{words.secondFactor.heading}</h2>
              <p>{hasSecondFactor ? words.secondFactor.on : words.secondFactor.off}</p>
              <p>
                <a class="btn quiet" href="/account/second-factor">
                  {hasSecondFactor ? words.secondFactor.change : words.secondFactor.setUp}
                </a>
              </p>
            </section>
            <PasswordForm email={email} errors={errors} />
          </>
        ) : null}
        <Sessions sessions={props.sessions} timeZone={frame.timeZone} />
      </main>
    </Layout>
  );
}

function PasswordForm({ email, errors }: { email: string; errors: Errors }) {
  return (
    <section aria-labelledby="password-heading">
      <form class="panel sign-in" method="post" action="/account/password" novalidate>
        <h2 id="password-heading">{words.password.heading}</h2>
        <input type="hidden" name="username" autocomplete="username" value={email} />
        <Input
          name="present"
          label={words.password.present}
          type="password"
          autocomplete="current-password"
          error={errors["present"]}
        />
        <Input
          name="next"
          label={words.password.next}
          hint={words.password.hint}
          type="password"
          autocomplete="new-password"
          error={errors["next"]}
        />
        <button class="btn" type="submit">
          {words.password.submit}
        </button>
      </form>
    </section>
  );
}

function Sessions({ sessions, timeZone }: { sessions: AccountPageProps["sessions"]; timeZone: string }) {
  const { columns } = words.sessions;
  return (
    <section aria-labelledby="sessions-heading">
      <h2 id="sessions-heading">{words.sessions.heading}</h2>
      <form method="post" action="/account/sessions">
        <ul class="rows">
          {sessions.map(({ id, agent, since, seenAt, isHere }) => {
            const browser = browserName(agent) ?? words.sessions.unknown;
            const begun = momentInWords(since, timeZone);
            return (
              <li>
                <span>
                  <b>{browser}</b> {isHere ? <span class="chip good">{words.sessions.here}</span> : null}
                  <small class="soft">
                    {columns.since} {begun}. {columns.seen} {momentInWords(seenAt, timeZone)}.
                  </small>
                </span>
                <button
                  class="btn quiet"
                  type="submit"
                  name="session"
                  value={id}
                  aria-label={words.sessions.endOf(browser, begun)}
                >
                  {words.sessions.end}
                </button>
              </li>
            );
          })}
        </ul>
        <p class="actions">
          <button class="btn quiet" type="submit" name="session" value="others">
            {words.sessions.endOthers}
          </button>
          <button class="btn quiet" type="submit" name="session" value="all">
            {words.sessions.endAll}
          </button>
        </p>
      </form>
    </section>
  );
}
