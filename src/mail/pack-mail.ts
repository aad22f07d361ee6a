import type { Organisation } from "../core/fund.ts";
import { asBody, asSubject, type NewMail } from "../core/mail.ts";
import { languagesOf, type PackLanguages } from "../core/pack.ts";
import type { BoardPlace } from "../core/total.ts";
import { packsWords } from "../../web/locales/en/packs.ts";
import { tongueOf, wordsOf } from "../../web/parts/pack-format.ts";
import { imprint } from "./imprint.ts";

type Told = { month: string; languages: PackLanguages; place: BoardPlace };
type House = { baseUrl: string; token: string; organisations: readonly Organisation[] };

/** The mail that brings the pack of a month to somebody, in the pack's languages. */
export function packMail(
  { month, languages, place }: Told,
  { staffId, email }: { staffId: string; email: string },
  { baseUrl, token, organisations }: House,
): NewMail {
  const words = packsWords.mail;
  const each = languagesOf(languages);
  const name = (language: "en" | "fr"): string =>
    wordsOf(language).placeOf(place.organisationName, place.fundName, place.campaignName) ||
    wordsOf(language).everything;
  // A month is written alike in every currency.
  const inWords = (language: "en" | "fr"): string => tongueOf(language, "CAD").month(month);
  const parts = each.flatMap((language) => [
    words.body[language](inWords(language), name(language)),
    `${words.link[language]}\n${baseUrl}/packs/${token}`,
    `${words.whole[language]}\n${baseUrl}/board/packs`,
    words.why[language],
  ]);
  return {
    key: `pack/${place.organisationId ?? "all"}/${place.fundId ?? "all"}/${month.slice(0, 7)}/${staffId}`,
    recipient: email,
    subject: asSubject(each.map((language) => words.subject[language](inWords(language))).join(" / ")),
    body: asBody([...parts, imprint(organisations)].join("\n\n")),
  };
}
