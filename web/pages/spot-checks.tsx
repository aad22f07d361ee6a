import type { SpotCheck } from "../../src/core/spot-check.ts";
import { spotCheckWords as words } from "../locales/en/spot-check.ts";
import { BookPlaces, type Place } from "../parts/book-head.tsx";
import { Field } from "../parts/field.tsx";
import type { Frame } from "../parts/frame.ts";
import { Layout } from "../parts/layout.tsx";
import { SpotCheckChip, drawnInWords } from "../parts/spot-check-parts.tsx";
import { momentInWords } from "../parts/when.ts";

const path = "/board/spot-checks";

export type SpotChecksPageProps = {
  frame: Frame;
  places: readonly Place[];
  /** Null for somebody whose roles are for single funds only. */
  here: Place | null;
  checks: readonly SpotCheck[];
  mayDraw: boolean;
  /** Makes a form that is sent twice harmless. */
  request: string;
  typed: { from: string; to: string };
  refusal: string | null;
};

/** `/board/spot-checks`: what was drawn, and the button that draws. */
export function SpotChecksPage(props: SpotChecksPageProps) {
  const { frame, places, here, checks, mayDraw, refusal } = props;
  return (
    <Layout frame={frame} title={words.title} current="board">
      <main id="main" class="wrap spot-checks">
        {refusal === null ? null : (
          <div class="error-summary" role="alert" tabindex={-1} data-focus>
            <p>{refusal}</p>
          </div>
        )}
        <p class="over">{here?.name ?? ""}</p>
        <h1>{words.title}</h1>
        <p class="lead">{words.lead}</p>
        {here === null ? null : <BookPlaces places={places} here={here.slug} path={path} />}
        {here === null || !mayDraw ? null : <Draw {...props} here={here} />}
        <section aria-labelledby="drawn-heading">
          <h2 id="drawn-heading">{words.listHeading}</h2>
          {checks.length === 0 ? <p class="soft">{words.none}</p> : <Checks checks={checks} frame={frame} />}
        </section>
      </main>
    </Layout>
  );
}

function Draw({ here, request, typed, refusal }: SpotChecksPageProps & { here: Place }) {
  // A date field would drop what was typed wrong.
  const type = refusal === null ? "date" : "text";
  return (
    <section class="panel" aria-labelledby="draw-heading">
      <h2 id="draw-heading">{words.drawHeading}</h2>
      <p class="soft">{words.drawHint}</p>
      <form method="post" action={path} class="draw" novalidate>
        <input type="hidden" name="organisation" value={here.slug} />
        <input type="hidden" name="request" value={request} />
        <Field name="from" label={words.from} error={undefined}>
          <input id="from" name="from" type={type} value={typed.from} />
        </Field>
        <Field name="to" label={words.to} error={undefined}>
          <input id="to" name="to" type={type} value={typed.to} />
        </Field>
        <button class="btn" type="submit">
          {words.draw}
        </button>
      </form>
    </section>
  );
}

function Checks({ checks, frame }: Pick<SpotChecksPageProps, "checks" | "frame">) {
  return (
    <ol class="drawn" role="list">
      {checks.map((check) => (
        <li>
          <h3>
            <a href={`${path}/${check.id}`}>{words.number(check.id)}</a> <SpotCheckChip check={check} />
          </h3>
          <p>{`${drawnInWords(check)}: ${words.counts(check.found, check.differ, check.drawn - check.found - check.differ)}`}</p>
          <p class="small soft">{words.drawnBy(check.drawnBy, momentInWords(check.drawnAt, frame.timeZone))}</p>
        </li>
      ))}
    </ol>
  );
}
