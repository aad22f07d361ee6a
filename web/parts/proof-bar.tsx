import type { BoardData } from "../charts/board-data.ts";
import { boardStatus } from "../charts/board-text.ts";
import { boardWords as words } from "../locales/en/board.ts";

/** The bar that says how far the figures can be trusted. */
export function ProofBar({ data }: { data: BoardData }) {
  const { tone, chip, lead, sentences, more } = boardStatus(data);
  return (
    <div class={`proof ${tone}`} data-proof>
      <span class={`chip ${tone}`} data-live="status-chip">
        {chip}
      </span>
      <div>
        <p>
          <b data-live="as-of">{lead}</b>
        </p>
        <ul role="list" data-live="status">
          {sentences.map((sentence) => (
            <li>{sentence}</li>
          ))}
        </ul>
        <details class="small">
          <summary>{words.moreOfProof}</summary>
          <ul role="list" data-live="status-more">
            {more.map((sentence) => (
              <li>{sentence}</li>
            ))}
          </ul>
        </details>
      </div>
    </div>
  );
}
