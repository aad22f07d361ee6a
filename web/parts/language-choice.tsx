import { languageName, wordingWords as words } from "../locales/en/settings.ts";

type LanguageChoiceProps = {
  chosen: string;
  languages: readonly string[];
  addressOf: (language: string) => string;
};

/** Links to the same page in each language; nothing where there is only one. */
export function LanguageChoice({ chosen, languages, addressOf }: LanguageChoiceProps) {
  if (languages.length < 2) return <p class="small soft">{words.moreLanguages}</p>;
  return (
    <nav class="periods" aria-label={words.language}>
      <ul role="list">
        {languages.map((language) => (
          <li>
            <a
              class="btn quiet"
              href={addressOf(language)}
              {...(language === chosen ? { "aria-current": "page" as const } : {})}
            >
              {languageName(language)}
            </a>
          </li>
        ))}
      </ul>
    </nav>
  );
}
