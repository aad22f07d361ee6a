import { definitions, type NumberName } from "../../src/core/definition.ts";
import { definitionWords as words } from "../locales/en/definition.ts";

/**
 * A number's name. Hover and focus show what it means beside it, Escape hides that again; following the link leads to
 * the same text in the page's footnote, which is how it works on a touch screen and on paper.
 * @param at tells two terms of one page apart, such as "fund-table"
 */
export function Term({ of, at }: { of: NumberName; at: string }) {
  const { label, text } = definitions[of];
  const id = `tip-${at}-${of}`;
  return (
    <span class="term" data-term>
      <a href={`#how-${of}`} aria-describedby={id}>
        {label}
      </a>
      <span class="tip" role="tooltip" id={id}>
        {text}
      </span>
    </span>
  );
}

/** The footnote that defines every number shown on the page. */
export function HowWeCount({ of }: { of: readonly NumberName[] }) {
  return (
    <section class="how" aria-labelledby="how-we-count">
      <h2 id="how-we-count">{words.heading}</h2>
      <dl>
        {of.map((name) => (
          <div id={`how-${name}`}>
            <dt>{definitions[name].label}</dt>
            <dd>{definitions[name].text}</dd>
          </div>
        ))}
      </dl>
    </section>
  );
}
