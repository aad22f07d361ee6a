import type { HeldRole, Invitation, RolePlace, StaffRow } from "../../src/core/staff.ts";
import { roles } from "../../src/core/role.ts";
import { placeWords, roleWords } from "../locales/en/sign-in.ts";
import { staffWords as words } from "../locales/en/staff.ts";
import { ErrorSummary, type Errors } from "../parts/field.tsx";
import { Input, Select } from "../parts/form-parts.tsx";
import type { Frame } from "../parts/frame.ts";
import { Layout } from "../parts/layout.tsx";
import { Notice } from "../parts/notice.tsx";
import { momentInWords } from "../parts/when.ts";

/** What the choice of a role offers, and what was chosen. */
export type RoleChoice = {
  /** Whether roles for all organisations may be given. */
  forAll: boolean;
  places: readonly RolePlace[];
  values: { role: string; where: string };
  errors: Errors;
};

export type StaffPageProps = {
  frame: Frame;
  staff: readonly (StaffRow & { isYou: boolean })[];
  invitations: readonly Invitation[];
  choice: RoleChoice;
  values: { name: string; email: string };
  said: string;
};

/** `GET /desk/staff`: who is on the staff, and the form that invites somebody. */
export function StaffPage({ frame, staff, invitations, choice, values, said }: StaffPageProps) {
  const notice = Object.hasOwn(words.said, said) ? words.said[said] : undefined;
  return (
    <Layout frame={frame} title={words.title} current="desk">
      <main id="main" class="wrap narrow">
        <ErrorSummary errors={choice.errors} targets={{ name: "name", email: "email", role: "role", where: "where" }} />
        {notice === undefined ? null : <Notice>{notice}</Notice>}
        <p class="over">
          <a href="/desk">{words.over}</a>
        </p>
        <h1>{words.title}</h1>
        <p class="lead">{words.lead}</p>
        <ul class="rows">
          {staff.map((person) => (
            <li>
              <div>
                <b>{person.name}</b> {person.isYou ? <span class="chip">{words.you}</span> : null}{" "}
                <span class={person.hasSecondFactor ? "chip good" : "chip"}>
                  {person.hasSecondFactor ? words.secondFactor.on : words.secondFactor.off}
                </span>
                <small class="soft">{person.email}</small>
                <small>{rolesInWords(person.memberships)}</small>
                <small class="soft">
                  {words.seen(person.seenAt === null ? null : momentInWords(person.seenAt, frame.timeZone))}
                </small>
              </div>
              <a class="btn quiet" href={`/desk/staff/${person.id}`} aria-label={words.openOf(person.name)}>
                {words.open}
              </a>
            </li>
          ))}
        </ul>
        <Invitations invitations={invitations} timeZone={frame.timeZone} />
        <form class="panel sign-in" method="post" action="/desk/staff" novalidate>
          <h2>{words.invite.heading}</h2>
          <p>{words.invite.lead}</p>
          <Input
            name="name"
            label={words.invite.name}
            value={values.name}
            error={choice.errors["name"]}
            maxlength={100}
          />
          <Input
            name="email"
            label={words.invite.email}
            type="email"
            value={values.email}
            error={choice.errors["email"]}
          />
          <RoleFields {...choice} />
          <button class="btn" type="submit">
            {words.invite.submit}
          </button>
        </form>
      </main>
    </Layout>
  );
}

function rolesInWords(held: readonly HeldRole[]): string {
  if (held.length === 0) return words.noRoles;
  return held.map(({ role, ...place }) => `${roleWords[role].name}, ${placeOf(place)}`).join("; ");
}

/** Where a role holds, in words. */
export function placeOf({ organisation, fund }: Pick<HeldRole, "organisation" | "fund">): string {
  return organisation === null ? placeWords.everywhere : placeWords.of(organisation, fund);
}

function Invitations({ invitations, timeZone }: { invitations: readonly Invitation[]; timeZone: string }) {
  if (invitations.length === 0) return null;
  return (
    <section aria-labelledby="invitations-heading">
      <h2 id="invitations-heading">{words.invitationsHeading(invitations.length)}</h2>
      <ul>
        {invitations.map(({ name, email, role, organisation, expiresAt }) => (
          <li>
            {name}, {email}: {roleWords[role].name}, {placeOf({ organisation, fund: null })};{" "}
            {words.until(momentInWords(expiresAt, timeZone))}
          </li>
        ))}
      </ul>
    </section>
  );
}

/** The two choices that make a role. */
export function RoleFields({ forAll, places, values, errors }: RoleChoice) {
  return (
    <>
      <Select name="role" label={words.invite.role} error={errors["role"]}>
        {roles.map((role) => (
          <option value={role} selected={values.role === role}>
            {roleWords[role].name}: {roleWords[role].may}
          </option>
        ))}
      </Select>
      <Select name="where" label={words.invite.where} error={errors["where"]}>
        {forAll ? (
          <option value="all" selected={values.where === "all"}>
            {placeWords.everywhere}
          </option>
        ) : null}
        {places.flatMap(({ id, name, funds }) => [
          <option value={`o:${id}`} selected={values.where === `o:${id}`}>
            {name}
          </option>,
          ...funds.map((fund) => (
            <option value={`f:${id}:${fund.id}`} selected={values.where === `f:${id}:${fund.id}`}>
              {placeWords.of(name, fund.name)}
            </option>
          )),
        ])}
      </Select>
    </>
  );
}
