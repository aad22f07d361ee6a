import { aboutSandboxWords as words } from "../locales/en/about-sandbox.ts";
import type { Frame } from "../parts/frame.ts";
import { Layout } from "../parts/layout.tsx";
import { LedgerTable } from "../parts/ledger-table.tsx";

export type AboutSandboxPageProps = {
  frame: Frame;
};

/** `GET /about-sandbox`: what the banner on every page means. */
export function AboutSandboxPage({ frame }: AboutSandboxPageProps) {
  return (
    <Layout frame={frame} title={words.title} current={null}>
      <main id="main" class="wrap narrow">
        <h1>{words.title}</h1>
        <p class="lead">{words.lead}</p>
        <section aria-labelledby="real-heading">
          <h2 id="real-heading">{words.realHeading}</h2>
          <ul>
            {words.real.map((line) => (
              <li>{line}</li>
            ))}
          </ul>
        </section>
        <section aria-labelledby="cards-heading">
          <h2 id="cards-heading">{words.cardsHeading}</h2>
          <LedgerTable
            id="cards"
            table={{
              caption: words.cardsCaption,
              columns: [
                { label: words.card, number: false },
                { label: words.does, number: false },
              ],
              rows: words.cards.map((card) => ({ key: card.name, cells: [{ text: card.name }, { text: card.does }] })),
              sum: null,
              empty: "",
            }}
          />
        </section>
        <section aria-labelledby="live-heading">
          <h2 id="live-heading">{words.liveHeading}</h2>
          <p>{words.live}</p>
        </section>
        <p class="actions">
          <a class="btn quiet" href="/">
            {words.start}
          </a>
        </p>
      </main>
    </Layout>
  );
}
