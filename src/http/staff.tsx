import { Hono, type Context } from "hono";
import { may, organisationsOf, type Membership, type Staff } from "../core/role.ts";
import { cleanName, readEmail, readRole, type ReadForm, type RolePlace, type StaffRow } from "../core/staff.ts";
import { makeLink } from "../db/link.ts";
import {
  giveRole,
  listInvitations,
  listRolePlaces,
  listStaff,
  removeStaff,
  takeRole,
  type Outcome,
} from "../db/staff.ts";
import { staffRefusalWords } from "../../web/locales/en/sign-in.ts";
import { StaffLinkPage, StaffPersonPage } from "../../web/pages/staff-person.tsx";
import { StaffPage, type RoleChoice } from "../../web/pages/staff.tsx";
import type { Errors } from "../../web/parts/field.tsx";
import type { Deps, Env } from "./deps.ts";
import { Refused } from "./failure.ts";
import { readFields } from "./form.ts";
import type { Frames } from "./frame.ts";
import { guard } from "./guard.ts";
import { neverKept } from "./headers.ts";

/** What is offered first to whoever is invited: to look. */
const usualChoice = { role: "board", where: "" };

/**
 * `/desk/staff`: admins invite, give and take roles, make links for a new password, remove. An admin of one organisation
 * sees whoever holds a role there, gives roles there only, and can neither remove nor let sign in anew who holds more.
 */
export function staffRoutes(deps: Deps, frames: Frames): Hono<Env> {
  const app = new Hono<Env>();
  const { sql } = deps;
  app.use("/desk/staff/*", neverKept, guard(deps, "manage staff"));

  async function showAll(c: Context<Env>, typed: Typed = nothingTyped): Promise<Response> {
    const by = c.get("staff");
    const [frame, staff, invitations, choice] = await Promise.all([
      frames.read(c),
      listStaff(sql),
      listInvitations(sql),
      choiceFor(by, typed),
    ]);
    const mine = organisationsOf(by, "manage staff");
    const isSeen = (organisationId: bigint | null): boolean =>
      mine === "all" || (organisationId !== null && mine.includes(organisationId));
    return await c.html(
      <StaffPage
        frame={frame}
        staff={staff.filter((row) => sees(by, row)).map((row) => ({ ...row, isYou: row.id === by.id }))}
        invitations={invitations.filter(({ organisationId }) => isSeen(organisationId))}
        choice={choice}
        values={typed.values}
        said={c.req.query("said") ?? ""}
      />,
    );
  }

  async function showPerson(c: Context<Env>, person: StaffRow, typed: Typed = nothingTyped): Promise<Response> {
    const by = c.get("staff");
    const [frame, choice] = await Promise.all([frames.read(c), choiceFor(by, typed)]);
    const takeable = person.memberships.filter((held) => may(by, "manage staff", held)).map(({ id }) => id);
    return await c.html(
      <StaffPersonPage
        frame={frame}
        person={person}
        takeable={takeable}
        isWhollyTheirs={isWhollyTheirs(by, person)}
        choice={choice}
      />,
    );
  }

  async function choiceFor(by: Staff, { values, errors }: Typed): Promise<RoleChoice> {
    const { forAll, places } = await placesOf(by);
    const first = forAll ? "all" : `o:${places[0]?.id ?? ""}`;
    return { forAll, places, values: { role: values.role, where: values.where === "" ? first : values.where }, errors };
  }

  /** Where this person may give roles. */
  async function placesOf(by: Staff): Promise<{ forAll: boolean; places: RolePlace[] }> {
    const mine = organisationsOf(by, "manage staff");
    const places = await listRolePlaces(sql);
    return { forAll: mine === "all", places: mine === "all" ? places : places.filter(({ id }) => mine.includes(id)) };
  }

  async function readRoleOf(c: Context<Env>, fields: Readonly<Record<string, string>>): Promise<ReadForm<Membership>> {
    const by = c.get("staff");
    const read = readRole(fields, (await placesOf(by)).places);
    if (!read.ok || may(by, "manage staff", read.value)) return read;
    return { ok: false, refusals: [{ field: "where", reason: "not a place" }] };
  }

  /** The person of the address. @throws Refused for nobody, and for whom an admin of another organisation looks for */
  async function personOf(c: Context<Env>): Promise<StaffRow> {
    const person = (await listStaff(sql)).find(({ id }) => id === c.req.param("id"));
    if (person === undefined || !sees(c.get("staff"), person)) throw new Refused("not found");
    return person;
  }

  async function whollyOwn(c: Context<Env>): Promise<StaffRow> {
    const person = await personOf(c);
    if (!isWhollyTheirs(c.get("staff"), person)) throw new Refused("not allowed");
    return person;
  }

  app.get("/desk/staff", async (c) => await showAll(c));

  // The link is shown once, so the answer is the page itself and no redirect.
  app.post("/desk/staff", async (c) => {
    const fields = await readFields(c);
    const name = cleanName(fields["name"] ?? "");
    const email = readEmail(fields["email"] ?? "");
    const role = await readRoleOf(c, fields);
    const errors: Errors = {
      ...(name === "" ? { name: staffRefusalWords({ field: "name", reason: "no name" }) } : {}),
      ...(email === null ? { email: staffRefusalWords({ field: "email", reason: "not an e-mail address" }) } : {}),
      ...(role.ok ? {} : inWords(role)),
    };
    if (email === null || !role.ok || Object.keys(errors).length > 0) {
      c.status(422);
      return await showAll(c, typedOf(fields, errors));
    }
    const link = await makeLink(sql, c.get("staff"), { kind: "join", name, email, roles: [role.value] });
    if (!link.ok) {
      c.status(422);
      return await showAll(c, typedOf(fields, { email: inSentence(link.refusal) }));
    }
    const address = `${deps.baseUrl}/join/${link.value}`;
    return await c.html(<StaffLinkPage frame={await frames.read(c)} kind="join" name={name} link={address} />);
  });

  app.get("/desk/staff/:id", async (c) => await showPerson(c, await personOf(c)));

  app.post("/desk/staff/:id/roles", async (c) => {
    const person = await personOf(c);
    const fields = await readFields(c);
    const role = await readRoleOf(c, fields);
    if (!role.ok) {
      c.status(422);
      return await showPerson(c, person, typedOf(fields, inWords(role)));
    }
    return await done(c, person, "given", await giveRole(sql, c.get("staff"), person.id, role.value));
  });

  app.post("/desk/staff/:id/roles/take", async (c) => {
    const person = await personOf(c);
    const { membership = "" } = await readFields(c);
    const held = person.memberships.find(({ id }) => String(id) === membership);
    if (held === undefined) throw new Refused("not found");
    if (!may(c.get("staff"), "manage staff", held)) throw new Refused("not allowed");
    return await done(c, person, "taken", await takeRole(sql, c.get("staff"), held.id));
  });

  app.post("/desk/staff/:id/reset", async (c) => {
    const person = await whollyOwn(c);
    const { clears } = await readFields(c);
    const wanted = { kind: "reset", staffId: person.id, clearsTwoFactor: clears === "yes" } as const;
    const link = await makeLink(sql, c.get("staff"), wanted);
    if (!link.ok) throw new Refused("not understood", inSentence(link.refusal));
    const address = `${deps.baseUrl}/reset/${link.value}`;
    return await c.html(<StaffLinkPage frame={await frames.read(c)} kind="reset" name={person.name} link={address} />);
  });

  app.post("/desk/staff/:id/remove", async (c) => {
    const person = await whollyOwn(c);
    return await done(c, person, "removed", await removeStaff(sql, c.get("staff"), person.id));
  });

  /** Back to the staff with a word of what was done, or the person's page with why it was not. */
  async function done(c: Context<Env>, person: StaffRow, said: string, outcome: Outcome): Promise<Response> {
    if (outcome.ok) return c.redirect(`/desk/staff?said=${said}`, 303);
    c.status(422);
    return await showPerson(c, person, typedOf({}, { form: inSentence(outcome.refusal) }));
  }

  return app;
}

type Typed = { values: { name: string; email: string; role: string; where: string }; errors: Errors };

const nothingTyped: Typed = { values: { name: "", email: "", ...usualChoice }, errors: {} };

function typedOf(fields: Readonly<Record<string, string>>, errors: Errors): Typed {
  const { name = "", email = "", role = usualChoice.role, where = usualChoice.where } = fields;
  return { values: { name: name.slice(0, 100), email: email.slice(0, 300), role, where }, errors };
}

/** Whether an admin is shown this person: one of the roles is held where the admin gives them. */
function sees(by: Staff, { memberships }: Pick<StaffRow, "memberships">): boolean {
  const mine = organisationsOf(by, "manage staff");
  if (mine === "all") return true;
  return memberships.some(({ organisationId }) => organisationId !== null && mine.includes(organisationId));
}

/** Whether every role of this person is the admin's to give. Else a link for a new password would be a way up. */
function isWhollyTheirs(by: Staff, { memberships }: Pick<StaffRow, "memberships">): boolean {
  return memberships.every((held) => may(by, "manage staff", held));
}

function inWords(read: ReadForm<unknown>): Errors {
  return read.ok ? {} : Object.fromEntries(read.refusals.map((refusal) => [refusal.field, staffRefusalWords(refusal)]));
}

/** What the database said, as a sentence. */
function inSentence(refusal: string): string {
  return `${refusal.charAt(0).toUpperCase()}${refusal.slice(1)}.`;
}
