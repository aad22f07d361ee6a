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
      <p>
        <b data-live="as-of">{asOf}</b> <span data-live="status">{sentences.join(" ")}</span>
      </p>
    </div>
  );
}
