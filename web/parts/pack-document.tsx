import type { PackBlock, PackDocument, PackSection, PackTable } from "../charts/pack-block.ts";
import type { PackWords } from "./pack-format.ts";
import { Markdown } from "./markdown.tsx";
import { PackDrawing } from "./pack-drawing.tsx";

type PackDocumentProps = {
  document: PackDocument;
  words: PackWords;
  /** Whether this is the first language of the page, whose heading is the page's. */
  isFirst: boolean;
};

const locales = { en: "en", fr: "fr-CA" } as const;

/** A pack in one language, for the screen and for paper. */
export function PackDocumentView({ document, words, isFirst }: PackDocumentProps) {
  const { language, title, place, period, about, sections, organisations } = document;
  return (
    <article class="pack" lang={locales[language]}>
      <header class="pack-head">
        <p class="over">
          {title} · {place}
        </p>
        {isFirst ? <h1>{period}</h1> : <h2 class="as-h1">{period}</h2>}
        {about.map((line) => (
          <p class="small soft">{line}</p>
        ))}
      </header>
      {sections.map((section) => (
        <Section section={section} language={language} />
      ))}
      {organisations.length === 0 ? null : (
        <section class="pack-imprint">
          <h2 class="quiet-heading">{words.responsible}</h2>
          <div class="organisations">
            {organisations.map(({ legalName, address, contact, registrationNumber }) => (
              <address>
                <b>{legalName}</b>
                {address.split("\n").map((line) => (
                  <span>{line}</span>
                ))}
                {registrationNumber === null ? null : <span>{words.registration(registrationNumber)}</span>}
                <span>{contact}</span>
              </address>
            ))}
          </div>
        </section>
      )}
    </article>
  );
}

function Section({ section: { name, heading, blocks }, language }: { section: PackSection; language: string }) {
  const id = `${name}-${language}`;
  return (
    <section class={`pack-${name}`} aria-labelledby={id}>
      {name === "proof" ? null : <h2 id={id}>{heading}</h2>}
      {blocks.map((block, index) => (
        <Block block={block} heading={heading} id={id} at={`${id}-${index}`} />
      ))}
    </section>
  );
}

function Block({ block, heading, id, at }: { block: PackBlock; heading: string; id: string; at: string }) {
  switch (block.kind) {
    case "sentences":
      return <p class={block.soft === true ? "small soft" : "said"}>{block.texts.join(" ")}</p>;
    case "proof":
      return (
        <div class={`proof ${block.tone}`}>
          <span class={`chip ${block.tone}`}>{block.chip}</span>
          <div>
            <h2 class="proof-heading" id={id}>
              {heading}
            </h2>
            <ul role="list">
              {block.texts.map((text) => (
                <li>{text}</li>
              ))}
            </ul>
          </div>
        </div>
      );
    case "figures":
      return (
        <dl class="figures">
          {block.figures.map(({ label, value, notes }) => (
            <div class="figure">
              <dt>{label}</dt>
              <dd class="value">{value}</dd>
              {notes.map((note) => (
                <dd class="note">{note}</dd>
              ))}
            </div>
          ))}
        </dl>
      );
    case "table":
      return <Ledger table={block.table} id={at} isBehind={block.behind === true} />;
    case "drawing":
      return (
        <>
          <PackDrawing drawing={block.drawing} summary={block.summary} />
          <PackDrawing drawing={block.narrow} summary={block.summary} isNarrow />
        </>
      );
    case "markdown":
      return <Markdown text={block.text} />;
    case "definitions":
      return (
        <dl class="pack-terms">
          {block.terms.map(({ label, text }) => (
            <div>
              <dt>{label}</dt>
              <dd>{text}</dd>
            </div>
          ))}
        </dl>
      );
  }
}

type LedgerProps = { table: PackTable; id: string; isBehind: boolean };

/** On paper a table behind a drawing that carries every figure is left out. */
function Ledger({ table: { caption, columns, rows, sum }, id, isBehind }: LedgerProps) {
  return (
    <div class={isBehind ? "scroll behind" : "scroll"} role="region" aria-labelledby={id} tabindex={0}>
      <table>
        <caption id={id} class="unseen">
          {caption}
        </caption>
        <thead>
          <tr>
            {columns.map((column, index) =>
              column === "" ? (
                <td></td>
              ) : (
                <th scope="col" class={index === 0 ? "" : "r"}>
                  {column}
                </th>
              ),
            )}
          </tr>
        </thead>
        <tbody>
          {rows.map((cells) => (
            <tr>
              <Cells cells={cells} />
            </tr>
          ))}
        </tbody>
        {sum === null ? null : (
          <tfoot>
            <tr>
              <Cells cells={sum} />
            </tr>
          </tfoot>
        )}
      </table>
    </div>
  );
}

function Cells({ cells }: { cells: string[] }) {
  return <>{cells.map((text, index) => (index === 0 ? <th scope="row">{text}</th> : <td class="r">{text}</td>))}</>;
}
