import type { AccountPause } from "../../src/core/dead-letter.ts";
import { pauseWords as words } from "../locales/en/pause.ts";
import { momentInWords } from "./when.ts";

/** The accounts of which nothing is asked at the moment, until when and why; nothing when there is none. */
export function Pauses({ pauses, timeZone }: { pauses: readonly AccountPause[]; timeZone: string }) {
  if (pauses.length === 0) return null;
  return (
    <section aria-labelledby="pauses-heading">
      <h2 id="pauses-heading">{words.heading}</h2>
      {pauses.map(({ account, until, reason }) => (
        <p>{words.pause(account, momentInWords(until, timeZone), words.reasons[reason] ?? reason)}</p>
      ))}
    </section>
  );
}
