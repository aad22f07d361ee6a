import { formatMoney } from "../../src/core/money.ts";
import type { ComparedRow, FileCheck, FileRefusal } from "../../src/core/payout-file.ts";
import { payoutWords } from "../locales/en/payouts.ts";
import { BookPlaces, Closes, type Place } from "../parts/book-head.tsx";
import type { Frame } from "../parts/frame.ts";
import { Layout } from "../parts/layout.tsx";

const words = payoutWords.file;
const path = "/desk/books/payouts/check";

/** So many rows of a kind are shown; the answer as CSV has all. */
const shownMax = 200;

export type PayoutCheckPageProps = {
  frame: Frame;
  places: readonly Place[];
  here: Place;
  /** What came of a file; null before one was sent. */
  answer: { check: FileCheck } | { refusal: FileRefusal } | null;
};

/** `/desk/books/payouts/check`: a file that Stripe made, row by row beside the books. */
export function PayoutCheckPage({ frame, places, here, answer }: PayoutCheckPageProps) {
  const check = answer !== null && "check" in answer ? answer.check : null;
  return (
    <Layout frame={frame} title={words.title} current="desk">
      <main id="main" class="wrap books check">
        <p class="over">
          <a href={`/desk/books/payouts?organisation=${here.slug}`}>{payoutWords.title}</a> / {here.name}
        </p>
        <h1>{words.title}</h1>
        {answer !== null && "refusal" in answer ? (
          <div class="error-summary" role="alert" tabindex={-1}>
            <h2>{words.refused}</h2>
            <p id="file-error">{words.refusals(answer.refusal)}</p>
          </div>
        ) : null}
        {check === null ? <p class="lead">{words.lead}</p> : <Check check={check} />}
        {check === null ? <BookPlaces places={places} here={here.slug} path={path} /> : null}
        <section class="panel" aria-labelledby="send">
          <h2 id="send">{check === null ? words.choose : words.again}</h2>
          <Form here={here} isWrong={answer !== null && "refusal" in answer} />
        </section>
      </main>
    </Layout>
  );
}

function Form({ here, isWrong }: { here: Place; isWrong: boolean }) {
  return (
    <>
      <ol class="how">
        {words.steps.map((step) => (
          <li>{step}</li>
        ))}
      </ol>
      <form method="post" action={`${path}?organisation=${here.slug}`} enctype="multipart/form-data">
        <div class={isWrong ? "field wrong" : "field"}>
          <label for="file">{words.field}</label>
          <p class="hint" id="file-hint">
            {words.hint}
          </p>
          <input
            id="file"
            name="file"
            type="file"
            accept=".csv,text/csv"
            required
            aria-describedby={isWrong ? "file-hint file-error" : "file-hint"}
            {...(isWrong ? { "aria-invalid": "true" } : {})}
          />
        </div>
        <p class="actions">
          <button class="btn" type="submit">
            {words.button}
          </button>
          <button class="btn quiet" type="submit" name="answer" value="csv">
            {words.asCsv}
          </button>
        </p>
      </form>
    </>
  );
}

const outcomes = ["found", "different", "missing", "twice"] as const;

function Check({ check: { rows, unlisted } }: { check: FileCheck }) {
  const found = rows.filter(({ outcome }) => outcome === "found");
  const wrong = rows.filter(({ outcome }) => outcome !== "found");
  const isGood = wrong.length === 0 && unlisted.length === 0;
  return (
    <>
      <Closes isGood={isGood} chip={isGood ? words.good : words.wrong}>
        <p role="status">
          {wrong.length === 0 ? words.allFound(rows.length) : words.someWrong(found.length, rows.length)}
        </p>
        {isGood && rows.some(({ payout }) => payout !== null) ? <p>{words.nothingElse}</p> : null}
        {wrong.some(({ outcome }) => outcome === "missing") ? <p>{words.missingWhy}</p> : null}
      </Closes>
      <div class="spaced">
        <Counts check={{ rows, unlisted }} />
      </div>
      {wrong.length === 0 ? null : (
        <section aria-labelledby="wrong-heading">
          <h2 id="wrong-heading">{words.wrongHeading}</h2>
          <Rows rows={wrong} caption={words.wrongHeading} />
        </section>
      )}
      {unlisted.length === 0 ? null : (
        <section aria-labelledby="unlisted-heading">
          <h2 id="unlisted-heading">{words.unlistedHeading}</h2>
          <Unlisted unlisted={unlisted} />
        </section>
      )}
      {found.length === 0 ? null : (
        <section aria-labelledby="found-heading">
          <h2 id="found-heading">{words.foundHeading}</h2>
          <Rows rows={found} caption={words.foundHeading} />
        </section>
      )}
    </>
  );
}

/** How many rows of each outcome, whose net adds up to the file's. */
function Counts({ check: { rows, unlisted } }: { check: FileCheck }) {
  const { countColumns: columns } = words;
  const netOf = (of: readonly { currency: string; netMinor: bigint }[]): string =>
    [...new Set(of.map(({ currency }) => currency))]
      .sort()
      .map((currency) => {
        const own = of.filter((each) => each.currency === currency);
        return formatMoney({ amountMinor: own.reduce((sum, { netMinor }) => sum + netMinor, 0n), currency });
      })
      .join(", ");
  const named = outcomes.map((outcome) => [outcome, rows.filter((row) => row.outcome === outcome)] as const);
  return (
    <div class="scroll" role="region" aria-label={words.countsCaption} tabindex={0}>
      <table class="counts">
        <caption class="unseen">{words.countsCaption}</caption>
        <thead>
          <tr>
            <th scope="col">{columns.outcome}</th>
            <th scope="col" class="r">
              {columns.rows}
            </th>
            <th scope="col" class="r">
              {columns.net}
            </th>
          </tr>
        </thead>
        <tbody>
          {named.map(([outcome, own]) =>
            own.length === 0 && outcome !== "found" ? null : (
              <tr>
                <th scope="row">{words.counts[outcome]}</th>
                <td class="r">{own.length.toLocaleString("en-CA")}</td>
                <td class="r">{netOf(own)}</td>
              </tr>
            ),
          )}
        </tbody>
        <tfoot>
          <tr>
            <th scope="row">{words.sum}</th>
            <td class="r">{rows.length.toLocaleString("en-CA")}</td>
            <td class="r">{netOf(rows)}</td>
          </tr>
        </tfoot>
      </table>
      {unlisted.length === 0 ? null : (
        <p class="small soft">
          {words.counts.unlisted}: {unlisted.length.toLocaleString("en-CA")}, {netOf(unlisted)}
        </p>
      )}
    </div>
  );
}

function Rows({ rows, caption }: { rows: readonly ComparedRow[]; caption: string }) {
  const { columns } = words;
  const money = (currency: string) => (amountMinor: bigint) => formatMoney({ amountMinor, currency });
  return (
    <>
      <div class="scroll" role="region" aria-label={words.rowsOf(caption)} tabindex={0}>
        <table>
          <caption class="unseen">{caption}</caption>
          <thead>
            <tr>
              <th scope="col">{columns.id}</th>
              <th scope="col">{columns.outcome}</th>
              <th scope="col" class="r">
                {columns.file}
              </th>
              <th scope="col" class="r">
                {columns.here}
              </th>
            </tr>
          </thead>
          <tbody>
            {rows.slice(0, shownMax).map(({ place, id, currency, outcome, differs, known, ...row }) => (
              <tr>
                <th scope="row">
                  {known?.entryId == null ? (
                    <span class="id">{id}</span>
                  ) : (
                    <a class="id" href={`/desk/books/entries/${known.entryId}`}>
                      {id}
                    </a>
                  )}
                  <span class="under">
                    {columns.line} {place}
                    {row.category === null ? "" : `, ${row.category}`}
                  </span>
                </th>
                <td>
                  <span class={outcome === "found" ? "chip good" : "chip warn"}>{words.outcomes[outcome]}</span>
                  {differs.length === 0 ? null : <span class="under">{words.differs(differs)}</span>}
                </td>
                <td class="r">
                  <Three sums={row} money={money(currency)} />
                </td>
                <td class="r">{known === null ? "—" : <Three sums={known} money={money(known.currency)} />}</td>
              </tr>
            ))}
          </tbody>
        </table>
      </div>
      {rows.length > shownMax ? <p class="small soft">{words.more(rows.length - shownMax)}</p> : null}
    </>
  );
}

type Sums = { amountMinor: bigint; feeMinor: bigint; netMinor: bigint };

/** Net, and under it the gross and fee that make it. */
function Three({ sums: { amountMinor, feeMinor, netMinor }, money }: { sums: Sums; money: (minor: bigint) => string }) {
  return (
    <>
      {money(netMinor)}
      <span class="under">{`${money(amountMinor)} − ${money(feeMinor)}`}</span>
    </>
  );
}

function Unlisted({ unlisted }: Pick<FileCheck, "unlisted">) {
  const { unlistedColumns: columns } = words;
  return (
    <>
      <div class="scroll" role="region" aria-label={words.unlistedCaption} tabindex={0}>
        <table>
          <caption class="unseen">{words.unlistedCaption}</caption>
          <thead>
            <tr>
              <th scope="col">{columns.id}</th>
              <th scope="col">{columns.payout}</th>
              <th scope="col" class="r">
                {columns.net}
              </th>
            </tr>
          </thead>
          <tbody>
            {unlisted.slice(0, shownMax).map(({ id, payout, currency, netMinor }) => (
              <tr>
                <th scope="row" class="id">
                  {id}
                </th>
                <td>
                  <a class="id" href={`/desk/books/payouts/${payout}`}>
                    {payout}
                  </a>
                </td>
                <td class="r">{formatMoney({ amountMinor: netMinor, currency })}</td>
              </tr>
            ))}
          </tbody>
        </table>
      </div>
      {unlisted.length > shownMax ? <p class="small soft">{words.more(unlisted.length - shownMax)}</p> : null}
    </>
  );
}
