/** What somebody on the staff is: admins set everything up, treasurers keep the money, reviewers check it, the board looks. */
export const roles = ["admin", "treasurer", "reviewer", "board"] as const;
export type Role = (typeof roles)[number];

/** A role held for one organisation, or for all when null; and there for one fund, or for all when null. */
export type Membership = { role: Role; organisationId: bigint | null; fundId: bigint | null };

/** Somebody who is signed in. */
export type Staff = { id: string; name: string; memberships: Membership[] };

/** What a page or a form lets somebody do. Every address behind sign-in names one; there is no other way in. */
export const deeds = [
  "see board",
  "see desk",
  "keep money",
  "change funds",
  "change settings",
  "manage staff",
] as const;
export type Deed = (typeof deeds)[number];

const allowed: Record<Deed, readonly Role[]> = {
  "see board": ["admin", "treasurer", "reviewer", "board"],
  "see desk": ["admin", "treasurer", "reviewer"],
  "keep money": ["admin", "treasurer"],
  "change funds": ["admin", "treasurer"],
  "change settings": ["admin"],
  "manage staff": ["admin"],
};

/** Where something belongs; a part that is not said is of no single organisation or fund, so only roles for all reach it. */
export type Place = { organisationId?: bigint | null; fundId?: bigint | null };

/** Whether this person may do this somewhere at all: what decides whether a page opens. */
export function mayAnywhere({ memberships }: Staff, deed: Deed): boolean {
  return memberships.some(({ role }) => allowed[deed].includes(role));
}

/** Whether this person may do this here: what decides about a row. */
export function may({ memberships }: Staff, deed: Deed, { organisationId = null, fundId = null }: Place): boolean {
  return memberships.some(
    (held) =>
      allowed[deed].includes(held.role) &&
      (held.organisationId === null || held.organisationId === organisationId) &&
      (held.fundId === null || held.fundId === fundId),
  );
}

/** The organisations in which this person may do this: "all", or their numbers. */
export function organisationsOf({ memberships }: Staff, deed: Deed): "all" | bigint[] {
  const held = memberships.filter(({ role }) => allowed[deed].includes(role));
  if (held.some(({ organisationId }) => organisationId === null)) return "all";
  return [...new Set(held.flatMap(({ organisationId }) => organisationId ?? []))];
}

/** The places in which this person may do this, for the rows of a list: "all", or organisations, each whole or one fund of it. */
export function placesOf(
  { memberships }: Staff,
  deed: Deed,
): "all" | { organisationId: bigint | null; fundId: bigint | null }[] {
  const held = memberships.filter(({ role }) => allowed[deed].includes(role));
  if (held.some(({ organisationId, fundId }) => organisationId === null && fundId === null)) return "all";
  return held.map(({ organisationId, fundId }) => ({ organisationId, fundId }));
}
