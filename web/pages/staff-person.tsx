import type { StaffRow } from "../../src/core/staff.ts";
import { roleWords } from "../locales/en/sign-in.ts";
import { staffWords } from "../locales/en/staff.ts";
import { ErrorSummary } from "../parts/field.tsx";
import { Input } from "../parts/form-parts.tsx";
import type { Frame } from "../parts/frame.ts";
import { Layout } from "../parts/layout.tsx";
import { Notice } from "../parts/notice.tsx";
import { placeOf, RoleFields, type RoleChoice } from "./staff.tsx";

const words = staffWords.person;

export type StaffPersonPageProps = {
  frame: Frame;
  person: StaffRow;
  /** The numbers of the roles that whoever looks may take away. */
  takeable: readonly bigint[];
  /** Whether all of this person's roles are theirs to give, so that a new password and removal are too. */
  isWhollyTheirs: boolean;
  choice: RoleChoice;
};

/** `GET /desk/staff/:id`: one person's roles, a link for a new password, and the way off the staff. */
export function StaffPersonPage({ frame, person, takeable, isWhollyTheirs, choice }: StaffPersonPageProps) {
  const address = `/desk/staff/${person.id}`;
  return (
    <Layout frame={frame} title={person.name} current="desk">
      <main id="main" class="wrap narrow">
        <ErrorSummary errors={choice.errors} targets={{ role: "role", where: "where" }} />
        <p class="over">
          <a href="/desk/staff">{staffWords.title}</a>
        </p>
        <h1>{person.name}</h1>
        <p class="lead">{person.email}</p>
        <section aria-labelledby="roles-heading">
          <h2 id="roles-heading">{words.rolesHeading}</h2>
          <form method="post" action={`${address}/roles/take`}>
            <ul class="rows">
              {person.memberships.length === 0 ? <li>{staffWords.noRoles}</li> : null}
              {person.memberships.map(({ id, role, ...place }) => (
                <li>
                  <div>
                    <b>{roleWords[role].name}</b>, {placeOf(place)}
                  </div>
                  {takeable.includes(id) ? (
                    <button
                      class="btn quiet"
                      type="submit"
                      name="membership"
                      value={String(id)}
                      aria-label={words.takeOf(roleWords[role].name, placeOf(place))}
                    >
                      {words.take}
                    </button>
                  ) : null}
                </li>
              ))}
            </ul>
          </form>
        </section>
        <form class="panel sign-in" method="post" action={`${address}/roles`} novalidate>
          <h2>{words.giveHeading}</h2>
          <RoleFields {...choice} />
          <button class="btn" type="submit">
            {words.give}
          </button>
        </form>
        {isWhollyTheirs ? <Whole address={address} name={person.name} /> : <Notice>{words.notYours}</Notice>}
      </main>
    </Layout>
  );
}

function Whole({ address, name }: { address: string; name: string }) {
  return (
    <>
      <form class="panel sign-in" method="post" action={`${address}/reset`}>
        <h2>{words.resetHeading}</h2>
        <p>{words.resetLead}</p>
        <label class="choice">
          <input type="checkbox" name="clears" value="yes" />
          <span>{words.clears}</span>
        </label>
        <button class="btn" type="submit">
          {words.reset}
        </button>
      </form>
      <form class="panel sign-in" method="post" action={`${address}/remove`}>
        <h2>{words.removeHeading}</h2>
        <p>{words.removeLead}</p>
        <button class="btn quiet" type="submit">
          {words.remove(name)}
        </button>
      </form>
    </>
  );
}

export type StaffLinkPageProps = { frame: Frame; kind: "join" | "reset"; name: string; link: string };

/** The answer to an invitation or a reset: the link, which is shown this once. */
export function StaffLinkPage({ frame, kind, name, link }: StaffLinkPageProps) {
  const { link: said } = staffWords;
  return (
    <Layout frame={frame} title={said[kind](name)} current="desk">
      <main id="main" class="wrap narrow">
        <p class="over">
          <a href="/desk/staff">{staffWords.title}</a>
        </p>
        <h1>{said[kind](name)}</h1>
        <p class="lead">{kind === "join" ? said.joinLead : said.resetLead}</p>
        <div class="panel">
          <Input name="link" label={said.label} value={link} isReadOnly />
        </div>
        <p class="actions">
          <a class="btn quiet" href="/desk/staff">
            {said.back}
          </a>
        </p>
      </main>
    </Layout>
  );
}
