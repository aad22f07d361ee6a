import { raw } from "hono/html";
import { micromark, type Options } from "micromark";

/** HTML is shown as it was typed, and pictures are uploaded and not linked: whoever opens a page asks nobody else for it. */
const options: Options = {
  allowDangerousHtml: false,
  allowDangerousProtocol: false,
  extensions: [{ disable: { null: ["htmlFlow", "htmlText", "labelStartImage", "codeIndented"] } }],
};

/** Staff's text as HTML that is safe to show. Links lead to http, https and mailto only; every heading is one below the page's own. */
export function markdownHtml(text: string): string {
  return micromark(text.replaceAll("\r\n", "\n"), options)
    .replace(/<(?<end>\/?)h[1-6]>/gu, "<$<end>h2>")
    .replace(/ href="(?<address>[^"]*)"/gu, (whole: string, address: string) =>
      /^(?:https?:|mailto:|[^:]+$|[/?#])/iu.test(address) ? whole : "",
    );
}

/** The same text without any marks, in one line: for what is not a page, such as a description for search engines. */
export function markdownText(text: string): string {
  return markdownHtml(text)
    .replace(/<[^>]*>/gu, "")
    .replaceAll("&lt;", "<")
    .replaceAll("&gt;", ">")
    .replaceAll("&quot;", '"')
    .replaceAll("&amp;", "&")
    .replace(/\s+/gu, " ")
    .trim();
}

/** The first paragraph, without marks. */
export function firstParagraph(text: string): string {
  return markdownText(text.replaceAll("\r\n", "\n").split(/\n\s*\n/u)[0] ?? "");
}

/** Text of staff, in Markdown. */
export function Markdown({ text, lead = false }: { text: string; lead?: boolean }) {
  return <div class={lead ? "prose lead" : "prose"}>{raw(markdownHtml(text))}</div>;
}
