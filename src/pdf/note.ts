import { markdownHtml } from "../../web/parts/markdown.tsx";

/** A stretch of text that is set alike. */
export type Run = { text: string; face: "sans" | "bold" | "italic" };

/** A paragraph of a note; a heading or an item of a list stands apart. */
export type NoteLine = { kind: "P" | "H3" | "LI"; mark: string; runs: Run[] };

/**
 * Staff's Markdown as paragraphs to be set on paper: made of the same HTML that the page shows, so that both say the same. A
 * link's address stands behind its words, as nobody can follow it on paper.
 */
export function noteLines(markdown: string): NoteLine[] {
  const lines: NoteLine[] = [];
  const lists: { ordered: boolean; items: number }[] = [];
  const faces: Run["face"][] = [];
  /** The paragraph that is being set; null between two. */
  const open: { line: NoteLine | null } = { line: null };
  let address: string | null = null;

  const begin = (kind: NoteLine["kind"], mark = ""): NoteLine => {
    const line: NoteLine = { kind, mark, runs: [] };
    lines.push(line);
    open.line = line;
    return line;
  };
  const say = (text: string): void => {
    if (text === "") return;
    const here = open.line ?? begin("P");
    here.runs.push({ text, face: here.kind === "H3" ? "bold" : (faces.at(-1) ?? "sans") });
  };

  for (const token of markdownHtml(markdown).match(/<[^>]*>|[^<]+/gu) ?? []) {
    const tag = /^<(?<end>\/?)(?<name>[a-z]+\d?)(?:[^>]* href="(?<href>[^"]*)")?/u.exec(token)?.groups;
    if (tag === undefined) {
      const text = unescaped(token).replace(/\s+/gu, " ");
      if (text.trim() !== "" || open.line !== null) say(text);
      continue;
    }
    const isEnd = tag["end"] === "/";
    switch (tag["name"]) {
      case "p":
        // A paragraph of an item belongs to the item.
        if (isEnd) open.line = null;
        else if (open.line === null || open.line.runs.length > 0) begin("P");
        break;
      case "h2":
        open.line = isEnd ? null : begin("H3");
        break;
      case "ul":
      case "ol":
        if (isEnd) lists.pop();
        else lists.push({ ordered: tag["name"] === "ol", items: 0 });
        open.line = null;
        break;
      case "li": {
        const list = lists.at(-1);
        if (isEnd || list === undefined) open.line = null;
        else begin("LI", list.ordered ? `${(list.items += 1)}.` : "•");
        break;
      }
      case "strong":
      case "em":
        if (isEnd) faces.pop();
        else faces.push(tag["name"] === "strong" ? "bold" : "italic");
        break;
      case "a":
        if (!isEnd) address = unescaped(tag["href"] ?? "");
        else if (address !== null && address !== "") say(` (${address.replace(/^mailto:/u, "")})`);
        break;
      case "br":
        say("\n");
        break;
      default:
        break;
    }
  }
  return lines.filter(({ runs }) => runs.some(({ text }) => text.trim() !== ""));
}

function unescaped(html: string): string {
  return html
    .replaceAll("&lt;", "<")
    .replaceAll("&gt;", ">")
    .replaceAll("&quot;", '"')
    .replaceAll("&#x27;", "'")
    .replaceAll("&amp;", "&");
}
