import { may, type Deed, type Staff } from "./role.ts";

/*
 * The settings as they stand, in the shape in which the trail of changes keeps them. Amounts are JSON numbers of minor
 * units, as in the set-up file; nothing calculates with them.
 */

type Placed = { position: number; organisations: string[] };
type Closable = Placed & { archivedOn: string | null };

export type OrganisationState = Closable & {
  slug: string;
  name: string;
  legalName: string;
  address: string;
  contact: string;
  currency: string;
  /** The last one. */
  timeZone: string;
  /** Where there were others, each holds from its day on, the first one from the beginning (null); else null. */
  timeZones: { since: string | null; timeZone: string }[] | null;
  registrationNumber: string | null;
  accent: string | null;
  picture: string | null;
  languages: string[];
  /** Each holds from its day on; null while the year begins in January. */
  fiscalYear: { since: string; startsIn: number }[] | null;
};

export type AccountState = Closable & {
  slug: string;
  name: string;
  stripeAccount: string | null;
  settlesIn: string[];
};

export type FundState = Closable & {
  slug: string;
  name: string;
  description: string;
  remark: string | null;
  public: boolean;
  bearsFees: boolean;
  generalOf: string | null;
  currency: string;
  presetsMinor: number[];
  goalMinor: number | null;
  restriction: string;
  lasting: boolean;
  picture: string | null;
  /** The one that receives online gifts first. */
  accounts: string[];
};

export type CampaignState = Closable & {
  slug: string;
  name: string;
  description: string;
  remark: string | null;
  fund: string;
  account: string;
  startsOn: string | null;
  endsOn: string | null;
  shippingMinor: number | null;
  picture: string | null;
};

export type ItemState = Closable & { slug: string; name: string; description: string; picture: string | null };
export type VariantState = Closable & {
  slug: string;
  name: string;
  priceMinor: number;
  costMinor: number | null;
  stock: number | null;
};

export type PromiseState = {
  version: number;
  inForceFrom: string;
  basis: "gross" | "net of processing" | "net of processing and goods" | "fixed a unit";
  rateBp: number;
  wording: string;
  wordedMinor: number | null;
  organisations: string[];
};

export type RuleState = Placed & {
  account: string;
  description: string;
  becomes: "gift" | "other income" | "not ours";
  fund: string | null;
};

/** One thing that can be set. Its subject names it: a slug, or a path of slugs such as `pins/shirt/m`. */
export type Setting<State> = { id: bigint; subject: string; state: State };

/** Everything that can be set, each list in its order, what is archived last. */
export type Settings = {
  organisation: Setting<OrganisationState>[];
  account: Setting<AccountState>[];
  fund: Setting<FundState>[];
  campaign: Setting<CampaignState>[];
  item: Setting<ItemState>[];
  variant: Setting<VariantState>[];
  promise: Setting<PromiseState>[];
  "sorting rule": Setting<RuleState>[];
};

export type SettingKind = keyof Settings;

/** What somebody must be allowed to do to change settings of this kind. */
export const deedFor: Record<SettingKind, Deed> = {
  organisation: "change settings",
  account: "change settings",
  fund: "change funds",
  campaign: "change funds",
  item: "change funds",
  variant: "change funds",
  promise: "change funds",
  "sorting rule": "change funds",
};

/**
 * The settings of a kind with which this person may do this: in one of their organisations, and for their fund.
 * @param deed what is to be done; to change them if not said
 */
export function settingsFor<Kind extends SettingKind>(
  staff: Staff,
  settings: Settings,
  kind: Kind,
  deed: Deed = deedFor[kind],
): Settings[Kind] {
  const list: Settings[Kind][number][] = settings[kind];
  return list.filter((setting) => {
    const fundId = fundOf(settings, kind, setting)?.id ?? null;
    return setting.state.organisations.some((slug) =>
      may(staff, deed, { organisationId: organisationId(settings, slug), fundId }),
    );
  }) as Settings[Kind];
}

/** Whether this person may add something that belongs to this organisation. */
export function mayAdd(staff: Staff, settings: Settings, kind: SettingKind, organisation: string): boolean {
  const id = organisationId(settings, organisation);
  return id !== null && may(staff, deedFor[kind], { organisationId: id });
}

/** The campaign of an item, a variant or a promise. */
function campaignOf(settings: Settings, subject: string): Setting<CampaignState> | undefined {
  const slug = subject.split(/[ /]/u)[0];
  return settings.campaign.find((campaign) => campaign.subject === slug);
}

function organisationId(settings: Settings, slug: string): bigint | null {
  return settings.organisation.find((organisation) => organisation.subject === slug)?.id ?? null;
}

function fundOf<Kind extends SettingKind>(
  settings: Settings,
  kind: Kind,
  setting: Settings[Kind][number],
): Setting<FundState> | undefined {
  if (kind === "fund") return settings.fund.find(({ id }) => id === setting.id);
  if (kind === "sorting rule") return fundNamed(settings, (setting.state as RuleState).fund);
  if (kind === "organisation" || kind === "account") return undefined;
  return fundNamed(settings, campaignOf(settings, setting.subject)?.state.fund ?? null);
}

function fundNamed(settings: Settings, slug: string | null): Setting<FundState> | undefined {
  return settings.fund.find((fund) => fund.subject === slug);
}
