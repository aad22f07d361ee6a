import type { SweepState } from "../../src/core/sweep.ts";
import { comparedWords as words } from "../locales/en/compared.ts";
import { pauseWords } from "../locales/en/pause.ts";
import { Notice } from "./notice.tsx";
import { momentInWords } from "./when.ts";

export type ComparedProps = {
  organisation: string;
  states: readonly SweepState[];
  timeZone: string;
  /** Whether whoever looks may have Stripe asked. */
  mayAsk: boolean;
  /** Whether that was done just now. */
  isAsked: boolean;
};

/** How far each account of an organisation was compared with what Stripe lists, and the button that has it done now. */
export function Compared({ organisation, states, timeZone, mayAsk, isAsked }: ComparedProps) {
  const { columns } = words;
  const moment = (at: Date | null): string => (at === null ? words.never : momentInWords(at, timeZone));
  return (
    <section aria-labelledby="compared">
      <h2 id="compared">{words.heading}</h2>
      <p class="soft">{words.lead}</p>
      {isAsked ? <Notice>{words.asked}</Notice> : null}
      {states.length === 0 ? (
        <p class="soft">{words.noAccount}</p>
      ) : (
        <div class="scroll" role="region" aria-label={words.caption} tabindex={0}>
          <table>
            <caption class="unseen">{words.caption}</caption>
            <thead>
              <tr>
                <th scope="col">{columns.account}</th>
                <th scope="col">{columns.sweptTo}</th>
                <th scope="col">{columns.outcome}</th>
              </tr>
            </thead>
            <tbody>
              {states.map((state) => (
                <tr>
                  <th scope="row">{state.account}</th>
                  <td>
                    {moment(state.sweptTo)}
                    <span class="under">{words.last(moment(state.lastStartedAt))}</span>
                  </td>
                  <td>
                    <Outcome state={state} />
                  </td>
                </tr>
              ))}
            </tbody>
          </table>
        </div>
      )}
      {mayAsk && states.length > 0 ? (
        <form method="post" action="/desk/books/compare">
          <input type="hidden" name="organisation" value={organisation} />
          <p class="actions">
            <button class="btn" type="submit">
              {words.button}
            </button>
          </p>
        </form>
      ) : null}
    </section>
  );
}

function Outcome({ state: { lastClosedAt, lastError, differences } }: { state: SweepState }) {
  if (lastError === "differences") return <span class="chip warn">{words.differs(Number(differences))}</span>;
  if (lastError !== null) return <>{words.failed(pauseWords.reasons[lastError] ?? words.refused(lastError))}</>;
  return lastClosedAt === null ? (
    <span class="soft">{words.notYet}</span>
  ) : (
    <span class="chip good">{words.agrees}</span>
  );
}
