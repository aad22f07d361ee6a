import type { AccountState, OrganisationState, Setting } from "../../src/core/setting.ts";
import { accountWords, organisationWords as words, settingWords } from "../locales/en/settings.ts";
import { dayInWords } from "./when.ts";
import type { Option, Section } from "./setting-form.tsx";

const { fields, hints, headings } = words;

/** The questions of an organisation's form; a new one is asked for its address too. */
export function organisationSections(had: OrganisationState | null): Section[] {
  const earlier = had?.fiscalYear ?? [];
  const last = earlier.at(-1);
  const since =
    last === undefined || last.since.startsWith("0001")
      ? hints.since
      : `${hints.since} Now: ${words.months[last.startsIn - 1]}, from ${dayInWords(last.since)}.`;
  return [
    {
      heading: headings.who,
      questions: [
        { as: "text", name: "name", label: fields.name },
        ...(had === null ? [slugQuestion] : []),
        { as: "text", name: "legalName", label: fields.legalName, hint: hints.legalName },
        { as: "area", name: "address", label: fields.address },
        { as: "text", name: "contact", label: fields.contact, hint: hints.contact },
        { as: "short", name: "registrationNumber", label: fields.registrationNumber, hint: hints.registrationNumber },
      ],
    },
    {
      heading: headings.time,
      questions: [
        { as: "short", name: "currency", label: fields.currency, hint: hints.currency },
        { as: "short", name: "timeZone", label: fields.timeZone, hint: hints.timeZone },
        ...(had === null
          ? []
          : [{ as: "day", name: "timeZoneSince", label: fields.timeZoneSince, hint: zoneHint(had) } as const]),
        {
          as: "choice",
          name: "startsIn",
          label: fields.startsIn,
          options: words.months.map((label, index) => ({ value: String(index + 1), label })),
        },
        ...(had === null ? [] : [{ as: "day", name: "since", label: fields.since, hint: since } as const]),
      ],
    },
    {
      heading: headings.look,
      questions: [
        { as: "short", name: "accent", label: fields.accent, hint: hints.accent },
        { as: "short", name: "languages", label: fields.languages, hint: hints.languages },
      ],
    },
  ];
}

/** The time zones of an organisation with their first days: "America/Toronto", "Asia/Baku from 1 March 2026". */
export function zonesInWords({ timeZone, timeZones }: OrganisationState): string[] {
  return (timeZones ?? [{ since: null, timeZone }]).map((zone) =>
    zone.since === null ? zone.timeZone : words.zoneFrom(zone.timeZone, dayInWords(zone.since)),
  );
}

function zoneHint(had: OrganisationState): string {
  return had.timeZones === null ? hints.timeZoneSince : `${hints.timeZoneSince} ${words.zones(zonesInWords(had))}`;
}

const slugQuestion = { as: "short", name: "slug", label: fields.slug, hint: settingWords.slugHint } as const;

/** The questions of an account's form. */
export function accountSections(had: Setting<AccountState> | null, organisations: readonly Option[]): Section[] {
  const { fields, hints } = accountWords;
  return [
    {
      questions: [
        ...(had === null
          ? [
              { as: "choice", name: "organisation", label: fields.organisation, options: organisations } as const,
              { as: "short", name: "slug", label: fields.slug, hint: hints.slug } as const,
            ]
          : [{ as: "fixed", label: fields.slug, text: accountWords.door(had.subject) } as const]),
        { as: "text", name: "name", label: fields.name, hint: hints.name },
        { as: "short", name: "settlesIn", label: fields.settlesIn, hint: hints.settlesIn },
      ],
    },
  ];
}
