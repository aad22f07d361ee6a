import { boardStatus } from "../charts/board-text.ts";
import type { BoardData } from "../charts/board-data.ts";

/** The bar that says how far the figures can be trusted. */
export function ProofBar({ data }: { data: BoardData }) {
  const { tone, chip, asOf, sentences } = boardStatus(data);
  return (
    <div class={`proof ${tone}`} data-proof>
      <span class={`chip ${tone}`} data-live="status-chip">
        {chip}
      </span>
      <div>
        <p>
          <b data-live="as-of">{asOf}</b>
        </p>
        <ul role="list" data-live="status">
          {sentences.map((sentence) => (
            <li>{sentence}</li>
          ))}
        </ul>
      </div>
    </div>
  );
}
