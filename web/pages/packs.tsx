import { type PackLanguages, packLanguageChoices, type PackRow } from "../../src/core/pack.ts";
import type { BoardPlace } from "../../src/core/total.ts";
import { periodInWords } from "../charts/period-text.ts";
import { packsWords as words } from "../locales/en/packs.ts";
import type { Frame } from "../parts/frame.ts";
import { Layout } from "../parts/layout.tsx";
import { Notice } from "../parts/notice.tsx";
import { SettingErrors, SettingForm, type Section } from "../parts/setting-form.tsx";
import { momentInWords } from "../parts/when.ts";

/** A place whose pack of each month may be switched on. */
export type MonthlyChoice = { place: BoardPlace; languages: PackLanguages | null };

export type PacksPageProps = {
  frame: Frame;
  packs: readonly PackRow[];
  notice: string | null;
  mayMake: boolean;
  /** Null for those who may not switch it. */
  monthly: { choices: readonly MonthlyChoice[]; canSend: boolean } | null;
};

/** `GET /board/packs`: the packs of these places, the newest first. */
export function PacksPage({ frame, packs, notice, mayMake, monthly }: PacksPageProps) {
  return (
    <Layout frame={frame} title={words.title} current="board">
      <main id="main" class="wrap packs">
        {notice === null ? null : <Notice>{notice}</Notice>}
        <p class="over">
          <a href="/board">{words.board}</a>
        </p>
        <h1>{words.title}</h1>
        <p class="lead">{words.lead}</p>
        {mayMake ? (
          <p class="actions">
            <a class="btn" href="/board/packs/new">
              {words.make}
            </a>
          </p>
        ) : null}
        {packs.length === 0 ? (
          <p class="panel">
            {words.none} {mayMake ? words.noneTodo : null}
          </p>
        ) : (
          <ol class="pack-list" role="list" reversed>
            {packs.map((pack) => (
              <PackLine pack={pack} timeZone={frame.timeZone} />
            ))}
          </ol>
        )}
        {monthly === null ? null : <Monthly {...monthly} />}
      </main>
    </Layout>
  );
}

function PackLine({ pack, timeZone }: { pack: PackRow; timeZone: string }) {
  const { number, languages, madeAt, madeBy, month } = pack;
  const moment = momentInWords(madeAt, timeZone);
  return (
    <li>
      <div>
        <h2 class="setting-name">
          <a href={`/board/packs/${number}`}>{periodInWords(pack)}</a>
        </h2>
        <p class="small soft">
          {words.number(number)} · {placeName(pack)} · {words.languages[languages]},{" "}
          {month === null ? words.madeAt(moment, madeBy) : words.madeByItself(moment)}
        </p>
      </div>
      <a
        class="btn quiet"
        href={`/board/packs/${number}/pack.pdf`}
        aria-label={`${words.number(number)}, ${words.pdf}`}
      >
        {words.pdf}
      </a>
    </li>
  );
}

/** Whose figures a pack shows. */
function placeName({ campaignName, fundName, organisationName }: BoardPlace): string {
  return [campaignName, fundName, organisationName].filter((name) => name !== null).join(", ") || words.everything;
}

function Monthly({ choices, canSend }: NonNullable<PacksPageProps["monthly"]>) {
  const told = words.monthly;
  return (
    <section class="pack-monthly" aria-labelledby="monthly-heading" id="monthly">
      <h2 id="monthly-heading">{told.heading}</h2>
      <p>{told.lead}</p>
      {canSend ? (
        <ul class="pack-list" role="list">
          {choices.map((choice, index) => (
            <li>
              <MonthlyForm choice={choice} at={index} />
            </li>
          ))}
        </ul>
      ) : (
        <p class="panel">{told.noMail}</p>
      )}
    </section>
  );
}

function MonthlyForm({ choice: { place, languages }, at }: { choice: MonthlyChoice; at: number }) {
  const told = words.monthly;
  const id = `languages-${at}`;
  return (
    <form class="pack-make" method="post" action="/board/packs/monthly">
      <p class="setting-name">{placeName(place)}</p>
      <input type="hidden" name="organisation" value={place.organisation ?? ""} />
      <input type="hidden" name="fund" value={place.fund ?? ""} />
      <div>
        <label for={id}>{told.languages}</label>
        <select id={id} name="languages">
          <option value="off" selected={languages === null}>
            {told.off}
          </option>
          {packLanguageChoices.map((choice) => (
            <option value={choice} selected={choice === languages}>
              {words.languages[choice]}
            </option>
          ))}
        </select>
      </div>
      <button class="btn quiet" type="submit" aria-label={told.saveOf(placeName(place))}>
        {told.save}
      </button>
    </form>
  );
}

export type NewPackPageProps = {
  frame: Frame;
  place: BoardPlace;
  currency: string;
  /** Packs of the same place, the newest first. */
  packs: readonly PackRow[];
  values: Record<string, string>;
  errors: Record<string, string>;
};

/** `GET /board/packs/new`: what a new pack is about, and the treasurer's note. */
export function NewPackPage({ frame, place, currency, packs, values, errors }: NewPackPageProps) {
  const told = words.form;
  const sections: Section[] = [
    {
      questions: [
        { as: "fixed", label: told.place, text: `${placeName(place)} (${currency})` },
        { as: "day", name: "from", label: told.from, hint: told.dayHint },
        { as: "day", name: "to", label: told.to },
        {
          as: "radios",
          name: "languages",
          label: told.languages,
          hint: told.languagesHint,
          options: packLanguageChoices.map((value) => ({ value, label: words.languages[value] })),
        },
        { as: "area", name: "note", label: told.note, hint: told.noteHint },
        {
          as: "choice",
          name: "earlier",
          label: told.earlier,
          hint: told.earlierHint,
          options: [
            { value: "", label: told.noEarlier },
            ...packs.map((pack) => ({
              value: String(pack.number),
              label: `${words.number(pack.number)}: ${periodInWords(pack)}`,
            })),
          ],
        },
      ],
    },
  ];
  return (
    <Layout frame={frame} title={told.title} current="board">
      <main id="main" class="wrap settings packs">
        {Object.keys(errors).length === 0 ? null : <SettingErrors errors={errors} sections={sections} />}
        <p class="over">
          <a href="/board/packs">{words.title}</a>
        </p>
        <h1>{told.title}</h1>
        <p class="lead">{told.lead}</p>
        <SettingForm
          action="/board/packs/new"
          sections={sections}
          values={values}
          errors={errors}
          button={told.button}
          back="/board/packs"
        >
          {(["organisation", "fund", "campaign"] as const).map((part) => (
            <input type="hidden" name={part} value={place[part] ?? ""} />
          ))}
          <input type="hidden" name="currency" value={currency} />
        </SettingForm>
      </main>
    </Layout>
  );
}
