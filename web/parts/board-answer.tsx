import { definitions } from "../../src/core/definition.ts";
import { contextOf, type Answer } from "../charts/answer.ts";
import type { BoardData } from "../charts/board-data.ts";
import { chartWords } from "../locales/en/charts.ts";
import { Chart } from "./chart.tsx";
import { LedgerTable } from "./ledger-table.tsx";

export type AnswerProps = {
  answer: Answer;
  data: BoardData;
  query: string;
  may: { openGifts: boolean; openBooks: boolean };
};

/** A question with its answer in one sentence; what is behind it opens below. The browser's twin is `client/draw-answers.ts`. */
export function BoardAnswer({ answer, data, query, may }: AnswerProps) {
  const { name, question, sentence, muted = false, notes = [], table = null, charts = [], terms, rows = [] } = answer;
  const isOpen = { gifts: may.openGifts, books: may.openBooks, board: true };
  const open = rows.filter(({ needs }) => isOpen[needs]);
  return (
    <details class={muted ? "answer muted" : "answer"} data-answer={name}>
      <summary>
        <h3>{question}</h3>
        <p data-live={`${name}-sentence`}>{sentence}</p>
      </summary>
      <div class="answer-body" id={name}>
        <ul role="list" class="notes" data-live={`${name}-notes`}>
          {notes.map((note) => (
            <li>{note}</li>
          ))}
        </ul>
        {table === null ? null : <LedgerTable id={`${name}-answer`} table={table} />}
        {charts.map((chart) => (
          <Chart name={chart} data={data} query={query} level={4} />
        ))}
        {terms.length === 0 ? null : (
          <dl class="terms">
            {terms.map((term) => (
              <div>
                <dt>{definitions[term].label}</dt>
                <dd>{definitions[term].text}</dd>
              </div>
            ))}
          </dl>
        )}
        <p class="tiny soft" data-live={`${name}-context`}>
          {contextOf(answer, data)}
        </p>
        <ul role="list" class="answer-links small">
          {table === null ? null : (
            <li>
              <a href={`/board/${name}.csv${query === "" ? "" : `?${query}`}`}>{chartWords.tableFile}</a>
            </li>
          )}
          {open.map(({ label, href }) => (
            <li>
              <a href={href}>{label}</a>
            </li>
          ))}
        </ul>
      </div>
    </details>
  );
}
