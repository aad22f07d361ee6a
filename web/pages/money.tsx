import { type FormKind, formSlug } from "../../src/core/money-form.ts";
import type { ListedMove } from "../../src/core/money-move.ts";
import { formatMoney } from "../../src/core/money.ts";
import { moneyWords as words } from "../locales/en/money.ts";
import { openingWords } from "../locales/en/opening.ts";
import type { Frame } from "../parts/frame.ts";
import { Layout } from "../parts/layout.tsx";
import { Notice } from "../parts/notice.tsx";
import { VoidForm } from "../parts/void-form.tsx";
import { dayInWords } from "../parts/when.ts";

export type MoneyPageProps = {
  frame: Frame;
  moves: readonly ListedMove[];
  mayKeep: boolean;
  /** The organisations whose whole money this person keeps. */
  kept: readonly { slug: string; name: string }[];
  /** Makes a void that is sent twice harmless. */
  request: string;
  notice: string | null;
  refusal: string | null;
  isFirst: boolean;
  /** Where the next page begins, as a word of the address. */
  older: string | null;
};

const groups: { heading: string; kinds: FormKind[] }[] = [
  { heading: words.groups.in, kinds: ["cash gift", "cash sale", "deposit", "cash difference"] },
  { heading: words.groups.out, kinds: ["disbursement", "expense", "payable paid"] },
  {
    heading: words.groups.between,
    kinds: ["transfer", "administration share", "partner payment", "collected for partner"],
  },
];

/** `/desk/money`: the forms, and every move with what it did in the books. */
export function MoneyPage({ frame, moves, mayKeep, kept, request, notice, refusal, isFirst, older }: MoneyPageProps) {
  return (
    <Layout frame={frame} title={words.title} current="desk">
      <main id="main" class="wrap money">
        {refusal === null ? null : (
          <div class="error-summary" role="alert" tabindex={-1} data-focus>
            <p>{refusal}</p>
          </div>
        )}
        {notice === null ? null : <Notice>{notice}</Notice>}
        <h1>{words.title}</h1>
        <p class="lead">{words.lead}</p>
        {mayKeep ? <Forms kept={kept} /> : null}
        <section aria-labelledby="moves-heading">
          <h2 id="moves-heading">{words.moves}</h2>
          {moves.length === 0 ? <p class="soft">{words.none}</p> : null}
          <ol class="moves" role="list">
            {moves.map((move) => (
              <Move move={move} mayKeep={mayKeep} request={request} />
            ))}
          </ol>
        </section>
        {isFirst && older === null ? null : (
          <nav class="actions" aria-label={words.moves}>
            {isFirst ? null : (
              <a class="btn quiet" href="/desk/money">
                {words.newest}
              </a>
            )}
            {older === null ? null : (
              <a class="btn quiet" href={`/desk/money?before=${older}`} rel="next">
                {words.older}
              </a>
            )}
          </nav>
        )}
      </main>
    </Layout>
  );
}

function Forms({ kept }: Pick<MoneyPageProps, "kept">) {
  return (
    <section aria-labelledby="record-heading">
      <h2 id="record-heading">{words.record}</h2>
      <div class="money-forms">
        {groups.map(({ heading, kinds }) => (
          <div>
            <h3>{heading}</h3>
            <ul role="list">
              {kinds.map((kind) => (
                <li>
                  <a href={`/desk/money/new/${formSlug(kind)}`}>{words.kinds[kind]}</a>
                  <span class="under">{words.about[kind]}</span>
                </li>
              ))}
            </ul>
          </div>
        ))}
        <div>
          <h3>{openingWords.group}</h3>
          <ul role="list">
            {kept.map(({ slug, name }) => (
              <li>
                <a href={`/desk/money/opening/${slug}`}>{openingWords.link(name)}</a>
                <span class="under">{openingWords.about}</span>
              </li>
            ))}
          </ul>
        </div>
      </div>
    </section>
  );
}

type MoveProps = { move: ListedMove; mayKeep: boolean; request: string };

function Move({ move, mayKeep, request }: MoveProps) {
  const { id, kind, day, organisation, partner, note, payee, purpose, tag, rateBp, evidence, voids, voidedBy, madeBy } =
    move;
  const facts = [
    payee === null ? null : words.to(payee),
    purpose,
    tag === null ? null : words.tags[tag],
    rateBp === null ? null : words.share(percent(rateBp)),
    partner === null ? null : words.partner(partner),
    voids === null ? null : words.voids(voids.replace("move_", "move ")),
    note === "" ? null : note,
  ].filter((fact) => fact !== null && fact !== "");
  return (
    <li class={voidedBy === null ? "move" : "move gone"} id={`move-${id}`}>
      <div class="move-head">
        <h3>
          {words.kinds[kind]}
          {voidedBy === null ? null : (
            <>
              {" "}
              <span class="chip warn">{words.voided(voidedBy)}</span>
            </>
          )}
        </h3>
        <p class="r num">{amountOf(move)}</p>
      </div>
      <p class="small soft">{[words.number(id), dayInWords(day), organisation, words.by(madeBy)].join(" · ")}</p>
      {facts.length === 0 ? null : (
        <p>
          <bdi>{facts.join(" · ")}</bdi>
        </p>
      )}
      {evidence === null ? null : (
        <p>
          <a href={`/desk/money/${id}/paper`}>{words.evidence}</a>
        </p>
      )}
      {move.lines.length === 0 ? null : <Lines move={move} />}
      {mayKeep && kind !== "void" && voidedBy === null && !move.isCounterpart ? (
        <VoidForm of={{ move: String(id) }} request={`${request}-${id}`} label={words.voidOf(id)} />
      ) : null}
    </li>
  );
}

function Lines({ move: { id, lines } }: { move: ListedMove }) {
  const { columns } = words;
  return (
    <details>
      <summary>{words.entries(lines.length)}</summary>
      <div class="scroll" role="region" aria-label={words.number(id)} tabindex={0}>
        <table>
          <thead>
            <tr>
              <th scope="col">{columns.account}</th>
              <th scope="col">{columns.fund}</th>
              <th scope="col" class="r">
                {columns.debit}
              </th>
              <th scope="col" class="r">
                {columns.credit}
              </th>
            </tr>
          </thead>
          <tbody>
            {lines.map(({ code, account, fund, currency, amountMinor }) => (
              <tr>
                <th scope="row">{`${code} ${account}`}</th>
                <td>{fund}</td>
                <td class="r">{amountMinor > 0n ? formatMoney({ amountMinor, currency }) : ""}</td>
                <td class="r">{amountMinor < 0n ? formatMoney({ amountMinor: -amountMinor, currency }) : ""}</td>
              </tr>
            ))}
          </tbody>
        </table>
      </div>
    </details>
  );
}

/** What a move is of: its debits, of a transfer between funds half of them. */
function amountOf({ kind, lines }: ListedMove): string {
  const [first] = lines;
  if (first === undefined) return "";
  const debits = lines.filter(({ amountMinor }) => amountMinor > 0n);
  const whole = debits.reduce((sum, { amountMinor }) => sum + amountMinor, 0n);
  const amountMinor = kind === "transfer" || kind === "administration share" ? whole / 2n : whole;
  return formatMoney({ amountMinor, currency: first.currency });
}

function percent(rateBp: bigint): string {
  return String(Number(rateBp) / 100);
}
