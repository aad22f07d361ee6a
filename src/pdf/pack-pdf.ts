import type { PackBlock, PackDocument, PackSection, PackTable } from "../../web/charts/pack-block.ts";
import { wordsOf } from "../../web/parts/pack-format.ts";
import { drawChart } from "./pack-chart.ts";
import { drawFoot, drawImprint } from "./pack-imprint.ts";
import { noteLines, type NoteLine } from "./note.ts";
import { drawTable } from "./pack-table.ts";
import {
  closePaper,
  decorate,
  draw,
  heightOf,
  inks,
  keepTogether,
  newPage,
  openPaper,
  type Paper,
  paragraph,
  room,
  rule,
  setText,
  widthOf,
  within,
} from "./paper.ts";

/** What a pack's PDF is made of; it is dated by when the pack was made. */
export type PackPaper = { documents: readonly PackDocument[]; madeAt: Date };

const locales = { en: "en-CA", fr: "fr-CA" } as const;

/** A pack as a PDF on A4, one language after the other. The same pack always makes the same bytes. */
export async function printPack(pack: PackPaper): Promise<Uint8Array<ArrayBuffer>> {
  const [first] = pack.documents;
  if (first === undefined) throw new Error("a pack has a language");
  const paper = await openPaper({
    title: `${first.title}: ${first.period}`,
    author: first.organisations.map(({ legalName }) => legalName).join(", "),
    language: locales[first.language],
    madeAt: pack.madeAt,
  });
  const pages: PackDocument[] = [];
  const { doc } = paper;
  doc.on("pageAdded", () => pages.push(document));
  let document = first;
  pages.push(first);
  for (const each of pack.documents) {
    document = each;
    if (each !== first) newPage(paper);
    const outline = doc.outline.addItem(`${each.title}: ${each.period}`);
    within(
      paper,
      "Sect",
      () => {
        drawHead(paper, each);
        for (const section of each.sections) {
          drawSection(paper, section, () => void outline.addItem(section.heading));
        }
        drawImprint(paper, each);
      },
      { lang: locales[each.language] },
    );
  }
  paper.inside.end();
  for (const [index, each] of pages.entries()) {
    doc.switchToPage(index);
    drawFoot(paper, each, wordsOf(each.language).page(index + 1, pages.length));
  }
  return await closePaper(paper);
}

function drawHead(paper: Paper, { title, place, period, about }: PackDocument): void {
  decorate(paper, () => paper.doc.rect(room.left, paper.y - 12, 34, 3).fill(inks.accent));
  paragraph(paper, `${title} · ${place}`, { size: 9.5, ink: inks.soft, gap: 4 });
  const size = Math.min(26, (26 * room.width) / widthOf(paper, period, { face: "serif", size: 26 }) - 0.1);
  paragraph(paper, period, { face: "serif", size: Math.max(16, size), gap: 6 }, "H1");
  for (const line of about) paragraph(paper, line, { size: 8.5, ink: inks.soft, gap: 1 });
  paper.y += 10;
}

function drawSection(paper: Paper, { heading, name, blocks }: PackSection, onPage: () => void): void {
  within(paper, "Sect", () => {
    if (name !== "proof") {
      paper.y += 6;
      keepTogether(paper, 96);
      rule(paper, paper.y, { ink: inks.line });
      paper.y += 9;
    }
    onPage();
    if (name !== "proof") paragraph(paper, heading, { face: "serif", size: 14, gap: 6 }, "H2");
    for (const [index, block] of blocks.entries()) {
      const next = blocks[index + 1];
      const isRead = block.kind === "drawing" && next?.kind === "table" && next.behind === true;
      drawBlock(paper, isRead ? { ...block, summary: readAloud(block.summary, next.table) } : block, heading);
    }
  });
}

function drawBlock(paper: Paper, block: PackBlock, heading: string): void {
  switch (block.kind) {
    case "sentences":
      paragraph(paper, block.texts.join(" "), block.soft === true ? { size: 8.5, ink: inks.soft, gap: 7 } : { gap: 8 });
      return;
    case "proof":
      drawProof(paper, block, heading);
      return;
    case "figures":
      drawFigures(paper, block.figures);
      return;
    case "table":
      // On paper a drawing that carries every figure needs no table behind it; it is read aloud from the same rows.
      if (block.behind !== true) drawTable(paper, block.table);
      return;
    case "drawing":
      drawChart(paper, block.drawing, block.summary);
      return;
    case "markdown":
      for (const line of noteLines(block.text)) drawNote(paper, line);
      return;
    case "definitions":
      drawTerms(paper, block.terms);
      return;
  }
}

/** What a drawing shows, for those who cannot see it. */
function readAloud(summary: string, { rows }: PackTable): string {
  return [summary, ...rows.map((cells) => `${cells.join(": ")}.`)].join(" ");
}

/** The proof line stands in a frame: what is proved, and what is not. */
function drawProof(paper: Paper, { tone, chip, texts }: Extract<PackBlock, { kind: "proof" }>, heading: string): void {
  const inner = { x: room.left + 12, width: room.width - 24 };
  const style = { size: 9 };
  const height = texts.reduce((sum, text) => sum + heightOf(paper, text, inner.width, style) + 2, 0) + 34;
  keepTogether(paper, height);
  const top = paper.y;
  decorate(paper, () => {
    paper.doc.lineWidth(0.75).strokeColor(inks.line).roundedRect(room.left, top, room.width, height, 4).stroke();
    paper.doc.rect(room.left, top + 4, 3, height - 8).fill(inks[tone]);
  });
  const said = `${heading} · ${chip}`;
  draw(paper, "H2", () => setText(paper, said, { ...inner, y: top + 9 }, { face: "bold", size: 9.5, ink: inks[tone] }));
  paper.y = top + 25;
  for (const text of texts) {
    const { y } = paper;
    draw(paper, "P", () => setText(paper, text, { ...inner, y }, style));
    paper.y = y + heightOf(paper, text, inner.width, style) + 2;
  }
  paper.y = top + height + 10;
}

/** The large numbers beside each other, as on the dashboard. */
function drawFigures(paper: Paper, figures: Extract<PackBlock, { kind: "figures" }>["figures"]): void {
  const width = room.width / figures.length;
  const inner = width - 14;
  const noteStyle = { size: 8, ink: inks.soft };
  const valueSize = Math.min(20, ...figures.map(({ value }) => (inner / (value.length * 0.5)) * 1));
  const heights = figures.map(({ notes }) =>
    notes.reduce((sum, note) => sum + heightOf(paper, note, inner, noteStyle) + 2, 0),
  );
  const height = 46 + Math.max(...heights);
  keepTogether(paper, height);
  const top = paper.y;
  for (const [index, { label, value, notes }] of figures.entries()) {
    const x = room.left + index * width + (index === 0 ? 0 : 10);
    if (index > 0) {
      decorate(paper, () => {
        paper.doc
          .lineWidth(0.5)
          .strokeColor(inks.hair)
          .moveTo(x - 10, top)
          .lineTo(x - 10, top + height - 8)
          .stroke();
      });
    }
    const at = (y: number) => ({ x, y, width: inner });
    draw(paper, "P", () => {
      setText(paper, label, at(top), { size: 8.5, ink: inks.soft });
      setText(paper, value, at(top + 13), { face: "serif", size: valueSize });
      let y = top + 42;
      for (const note of notes) {
        setText(paper, note, at(y), noteStyle);
        y += heightOf(paper, note, inner, noteStyle) + 2;
      }
    });
  }
  paper.y = top + height + 4;
}

function drawNote(paper: Paper, { kind, mark, runs }: NoteLine): void {
  const { doc } = paper;
  const indent = kind === "LI" ? 16 : 0;
  const width = room.width - indent;
  const whole = runs.map(({ text }) => text).join("");
  const height = heightOf(paper, whole, width, { face: kind === "H3" ? "bold" : "sans" });
  keepTogether(paper, Math.min(height + 4, 120));
  const { y } = paper;
  draw(paper, kind === "LI" ? "P" : kind, () => {
    if (mark !== "") setText(paper, mark, { x: room.left, y, width: indent }, { ink: inks.soft });
    doc.fontSize(9.5).fillColor(inks.ink);
    for (const [index, { text, face }] of runs.entries()) {
      const options = { width, lineGap: 2.1, continued: index < runs.length - 1 };
      doc.font(face);
      if (index === 0) doc.text(text, room.left + indent, y, options);
      else doc.text(text, options);
    }
  });
  paper.y = Math.max(y + height, doc.y) + 5;
}

/** Definitions in two columns, as footnotes. */
function drawTerms(paper: Paper, terms: Extract<PackBlock, { kind: "definitions" }>["terms"]): void {
  const gap = 20;
  const width = (room.width - gap) / 2;
  const [name, meaning] = [
    { face: "bold" as const, size: 8 },
    { size: 8, ink: inks.soft },
  ];
  for (let first = 0; first < terms.length; first += 2) {
    const pair = terms.slice(first, first + 2);
    const height = Math.max(
      ...pair.map(({ label, text }) => heightOf(paper, label, width, name) + heightOf(paper, text, width, meaning)),
    );
    keepTogether(paper, height);
    const top = paper.y;
    for (const [index, { label, text }] of pair.entries()) {
      const x = room.left + index * (width + gap);
      draw(paper, "P", () => {
        setText(paper, label, { x, y: top, width }, name);
        setText(paper, text, { x, y: top + heightOf(paper, label, width, name), width }, meaning);
      });
    }
    paper.y = top + height + 7;
  }
}
