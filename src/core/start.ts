import type { Deed } from "./role.ts";

/** What the database says of how far a house has come. */
export type StartFacts = {
  hasOrganisation: boolean;
  /** Whether gifts can be taken through some account; in the sandbox through any. */
  isConnected: boolean;
  /** The first fund that people can give to, other than what takes what has no other fund; null before there is one. */
  fund: string | null;
  /** Whether a gift has ever been booked. */
  hasGift: boolean;
  /** How many people can sign in. */
  staff: number;
  /** Whether somebody said that nobody else is to look. */
  worksAlone: boolean;
};

export const startStepNames = ["organisation", "stripe", "fund", "gift", "staff"] as const;
export type StartStepName = (typeof startStepNames)[number];

/** A step of the first day. The first that is not done is the next one. */
export type StartStep = {
  name: StartStepName;
  isDone: boolean;
  isNext: boolean;
  /** Where it is done. */
  href: string;
  /** What somebody must be allowed to do it. */
  deed: Deed;
};

/** The steps from an empty database to a house that runs, and where each stands. Stored is only that somebody works alone. */
export function startSteps(facts: StartFacts): StartStep[] {
  const { hasOrganisation, isConnected, fund, hasGift, staff, worksAlone } = facts;
  const steps: Omit<StartStep, "isNext">[] = [
    {
      name: "organisation",
      isDone: hasOrganisation,
      href: hasOrganisation ? "/desk/settings/organisations" : "/desk/settings/organisations/new",
      deed: "change settings",
    },
    { name: "stripe", isDone: hasOrganisation && isConnected, href: "/desk/settings/stripe", deed: "change settings" },
    {
      name: "fund",
      isDone: fund !== null,
      href: fund === null ? "/desk/settings/funds/new" : "/desk/settings/funds",
      deed: "change funds",
    },
    { name: "gift", isDone: hasGift, href: fund === null ? "/" : `/funds/${fund}`, deed: "see desk" },
    { name: "staff", isDone: staff > 1 || worksAlone, href: "/desk/staff", deed: "manage staff" },
  ];
  const next = steps.find(({ isDone }) => !isDone);
  return steps.map((step) => ({ ...step, isNext: step === next }));
}

/** Whether the first day is over: the list then leaves the desk. */
export function isStartDone(steps: readonly StartStep[]): boolean {
  return steps.every(({ isDone }) => isDone);
}
