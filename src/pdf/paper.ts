import { readFile } from "node:fs/promises";
import { createRequire } from "node:module";
import PDFDocument from "pdfkit";

type Doc = PDFKit.PDFDocument;
type Element = PDFKit.PDFStructureElement;

/** Inks of paper: those of the light pages. */
export const inks = {
  ink: "#1d1b17",
  soft: "#5f5a50",
  line: "#bdb6a6",
  hair: "#e3ddd0",
  accent: "#8f1d3a",
  good: "#1f6b46",
  warn: "#855600",
  given: "#8f1d3a",
  returned: "#0f6470",
} as const;

/** What text is set in; the files hold all letters of Latin scripts, ə, ğ and ş among them. */
const files = {
  sans: "@expo-google-fonts/inter/400Regular/Inter_400Regular.ttf",
  italic: "@expo-google-fonts/inter/400Regular_Italic/Inter_400Regular_Italic.ttf",
  bold: "@expo-google-fonts/inter/600SemiBold/Inter_600SemiBold.ttf",
  serif: "@expo-google-fonts/source-serif-4/600SemiBold/SourceSerif4_600SemiBold.ttf",
} as const;
export type Face = keyof typeof files;

/** The room for text on A4, in points. */
export const room = { left: 48, right: 547, width: 499, top: 54, bottom: 776 } as const;

export type TextStyle = {
  face?: Face;
  size?: number;
  ink?: string;
  align?: "left" | "right" | "center";
  /** Between lines, in points. */
  gap?: number;
};

/** A page of paper after the other: text flows down, and a new page comes when one is full. */
export type Paper = {
  doc: Doc;
  /** Where the next thing stands, from the top of the page. */
  y: number;
  /** What the next thing belongs to, for those who have the paper read to them. */
  inside: Element;
};

export type PaperInfo = { title: string; author: string; language: string; madeAt: Date };

/** Opens A4 paper. Nothing in it comes from the clock or from chance, so that the same text always makes the same bytes. */
export async function openPaper({ title, author, language, madeAt }: PaperInfo): Promise<Paper> {
  const fonts = await readFonts();
  const doc = new PDFDocument({
    size: "A4",
    margins: { top: room.top, bottom: 0, left: room.left, right: 0 },
    bufferPages: true,
    autoFirstPage: false,
    tagged: true,
    pdfVersion: "1.7",
    lang: language,
    displayTitle: true,
    info: {
      Title: title,
      Author: author,
      Creator: "Almonry",
      Producer: "Almonry",
      CreationDate: madeAt,
      ModDate: madeAt,
    },
    font: "",
  });
  for (const [face, bytes] of fonts) doc.registerFont(face, bytes);
  const root = doc.struct("Document");
  doc.addStructure(root);
  const paper = { doc, y: room.top, inside: root };
  newPage(paper);
  return paper;
}

/** Closes the paper. @returns the file */
export async function closePaper({ doc }: Paper): Promise<Uint8Array<ArrayBuffer>> {
  const parts: Buffer[] = [];
  const ended = new Promise<void>((resolve, reject) => {
    doc.on("data", (part: Buffer) => parts.push(part));
    doc.on("end", resolve);
    doc.on("error", reject);
  });
  doc.end();
  await ended;
  return new Uint8Array(Buffer.concat(parts));
}

export function newPage(paper: Paper): void {
  paper.doc.addPage();
  paper.y = room.top;
}

/** Goes on to the next page unless so many points are free on this one. */
export function keepTogether(paper: Paper, height: number): void {
  if (paper.y + height > room.bottom) newPage(paper);
}

/** Does something inside an element of its own, such as a table within a section. */
export function within(
  paper: Paper,
  kind: string,
  work: () => void,
  options: { lang?: string; title?: string } = {},
): void {
  const { doc, inside } = paper;
  const element = doc.struct(kind, options);
  inside.add(element);
  paper.inside = element;
  work();
  element.end();
  paper.inside = inside;
}

/** Draws what is read aloud as one thing of this kind; with `alt`, as that. */
export function draw(paper: Paper, kind: string, work: () => void, alt?: string): void {
  const { doc, inside } = paper;
  inside.add(doc.struct(kind, alt === undefined ? {} : { alt }, [work]));
}

/** Draws what is not read aloud: rules, and what repeats on every page. */
export function decorate({ doc }: Paper, work: () => void): void {
  doc.markContent("Artifact");
  work();
  doc.endMarkedContent();
}

/** Sets a paragraph below what stands there. */
export function paragraph(paper: Paper, text: string, style: TextStyle = {}, kind = "P"): void {
  const { gap = 4 } = style;
  const height = heightOf(paper, text, room.width, style);
  keepTogether(paper, Math.min(height, 60));
  const { y } = paper;
  draw(paper, kind, () => setText(paper, text, { x: room.left, y, width: room.width }, style));
  paper.y = y + height + gap;
}

/** Sets a text into a place, over as many lines as it takes. */
export function setText(
  { doc }: Paper,
  text: string,
  { x, y, width }: { x: number; y: number; width: number },
  { face = "sans", size = 9.5, ink = inks.ink, align = "left" }: TextStyle,
): void {
  doc.font(face).fontSize(size).fillColor(ink);
  // Figures that stand under each other have one width.
  const features: PDFKit.Mixins.OpenTypeFeatures[] | undefined = align === "right" ? ["tnum"] : undefined;
  doc.text(text, x, y, { width, align, lineGap: lineGap(size), ...(features === undefined ? {} : { features }) });
}

export function heightOf(
  { doc }: Paper,
  text: string,
  width: number,
  { face = "sans", size = 9.5 }: TextStyle,
): number {
  return doc
    .font(face)
    .fontSize(size)
    .heightOfString(text, { width, lineGap: lineGap(size) });
}

export function widthOf({ doc }: Paper, text: string, { face = "sans", size = 9.5 }: TextStyle): number {
  return doc
    .font(face)
    .fontSize(size)
    .widthOfString(text, { features: ["tnum", "kern", "liga"] });
}

/** A rule across the text, or a part of it. */
export function rule(
  paper: Paper,
  y: number,
  {
    from = room.left,
    to = room.right,
    ink = inks.line,
    thick = 0.5,
  }: { from?: number; to?: number; ink?: string; thick?: number } = {},
): void {
  decorate(paper, () => {
    paper.doc.lineWidth(thick).strokeColor(ink).moveTo(from, y).lineTo(to, y).stroke();
  });
}

function lineGap(size: number): number {
  return size * 0.22;
}

/** The files are read once; they do not change while the service runs. */
let fontsRead: Promise<[Face, Buffer][]> | null = null;

async function readFonts(): Promise<[Face, Buffer][]> {
  const { resolve } = createRequire(import.meta.url);
  fontsRead ??= Promise.all(
    Object.entries(files).map(async ([face, file]): Promise<[Face, Buffer]> => [
      face as Face,
      await readFile(resolve(file)),
    ]),
  );
  return await fontsRead;
}
