import type { CampaignState, FundState } from "../../src/core/setting.ts";
import { campaignSettingWords } from "../locales/en/campaign-settings.ts";
import { fundSettingWords as words } from "../locales/en/settings.ts";
import type { Option, Question, Section } from "./setting-form.tsx";

const { fields, hints, headings } = words;

const yesNo = ([yes, no]: readonly [string, string]): Option[] => [
  { value: "yes", label: yes },
  { value: "no", label: no },
];

/** The questions of a fund's form. With one account to choose there is nothing to choose. */
export function fundSections(had: FundState | null, accounts: readonly Option[]): Section[] {
  return [
    {
      heading: headings.what,
      questions: [
        { as: "text", name: "name", label: fields.name },
        ...(had === null ? [{ as: "short", name: "slug", label: fields.slug, hint: hints.newSlug } as const] : []),
        { as: "area", name: "description", label: fields.description, hint: hints.description },
        { as: "text", name: "restriction", label: fields.restriction, hint: hints.restriction },
        { as: "text", name: "remark", label: `${fields.remark} (${words.optional})` },
      ],
    },
    {
      heading: headings.how,
      questions: [
        { as: "text", name: "presetsMinor", label: fields.presetsMinor, hint: hints.presetsMinor },
        { as: "money", name: "goalMinor", label: fields.goalMinor, hint: hints.goalMinor },
        { as: "radios", name: "lasting", label: fields.lasting, options: yesNo(words.lasting) },
        { as: "radios", name: "public", label: fields.public, options: yesNo(words.public) },
      ],
    },
    {
      heading: headings.who,
      questions: [
        { as: "choice", name: "receives", label: fields.receives, hint: hints.receives, options: accounts },
        ...(accounts.length < 2
          ? []
          : [
              {
                as: "several",
                name: "account",
                label: fields.accounts,
                hint: hints.accounts,
                options: accounts,
              } as const,
            ]),
        { as: "radios", name: "bearsFees", label: fields.bearsFees, options: yesNo(words.bearsFees) },
      ],
    },
  ];
}

/** The questions of a fund's other form, for its address. */
export const renameSections: Section[] = [
  { questions: [{ as: "short", name: "slug", label: fields.slug, hint: hints.slug }] },
];

/** The questions of a campaign's form. */
export function campaignSections(had: CampaignState | null, through: readonly Option[]): Section[] {
  const { fields, hints, headings } = campaignSettingWords;
  return [
    {
      heading: headings.what,
      questions: [
        { as: "text", name: "name", label: fields.name },
        ...(had === null ? [{ as: "short", name: "slug", label: fields.slug, hint: hints.newSlug } as const] : []),
        { as: "choice", name: "through", label: fields.through, options: through },
        { as: "area", name: "description", label: fields.description, hint: words.hints.description },
        { as: "text", name: "remark", label: `${fields.remark} (${words.optional})` },
        { as: "day", name: "startsOn", label: fields.startsOn, hint: hints.startsOn },
        { as: "day", name: "endsOn", label: fields.endsOn },
        { as: "money", name: "shippingMinor", label: fields.shippingMinor, hint: hints.shippingMinor },
      ],
    },
  ];
}

/** The questions about a promise. */
export function promiseSection(heading?: string): Section {
  const { fields, hints, bases } = campaignSettingWords;
  const questions: Question[] = [
    { as: "text", name: "wording", label: fields.wording, hint: hints.wording },
    {
      as: "choice",
      name: "basis",
      label: fields.basis,
      options: Object.entries(bases).map(([value, label]) => ({ value, label })),
    },
    { as: "short", name: "rateBp", label: fields.rateBp, hint: hints.rateBp },
    { as: "money", name: "wordedMinor", label: fields.wordedMinor, hint: hints.wordedMinor },
    { as: "day", name: "inForceFrom", label: fields.inForceFrom, hint: hints.inForceFrom },
  ];
  return heading === undefined ? { questions } : { heading, questions };
}
