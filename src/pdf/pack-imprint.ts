import type { PackDocument } from "../../web/charts/pack-block.ts";
import type { PackOrganisation } from "../../web/charts/pack-data.ts";
import { wordsOf } from "../../web/parts/pack-format.ts";
import {
  decorate,
  draw,
  heightOf,
  inks,
  keepTogether,
  type Paper,
  paragraph,
  room,
  rule,
  setText,
  within,
} from "./paper.ts";

/** Who stands behind the pack: legal name, address and contact. */
export function drawImprint(paper: Paper, { language, organisations }: PackDocument): void {
  const words = wordsOf(language);
  if (organisations.length === 0) return;
  within(paper, "Sect", () => {
    paper.y += 6;
    const width = room.width / Math.max(2, organisations.length);
    const lines = organisations.map((organisation) => linesOf(organisation, words.registration));
    const height = Math.max(
      ...lines.map((each) => each.reduce((sum, text) => sum + heightOf(paper, text, width - 16, { size: 8 }), 0)),
    );
    keepTogether(paper, height + 40);
    rule(paper, paper.y, { ink: inks.line });
    paper.y += 9;
    paragraph(paper, words.responsible, { face: "bold", size: 8.5 }, "H2");
    const top = paper.y;
    for (const [index, each] of lines.entries()) {
      draw(paper, "P", () => {
        let y = top;
        for (const [place, text] of each.entries()) {
          const style = { size: 8, face: place === 0 ? ("bold" as const) : ("sans" as const) };
          setText(paper, text, { x: room.left + index * width, y, width: width - 16 }, style);
          y += heightOf(paper, text, width - 16, style);
        }
      });
    }
    paper.y = top + height;
  });
}

function linesOf(
  { legalName, address, contact, registrationNumber }: PackOrganisation,
  registration: (number: string) => string,
): string[] {
  return [
    legalName,
    ...address.split("\n"),
    ...(registrationNumber === null ? [] : [registration(registrationNumber)]),
    contact,
  ];
}

/** At the foot of each page: what it belongs to, and its number. */
export function drawFoot(paper: Paper, { title, period, organisations }: PackDocument, page: string): void {
  const style = { size: 7.5, ink: inks.soft };
  const names = organisations.map(({ legalName }) => legalName).join(" · ");
  rule(paper, 798, { ink: inks.hair });
  decorate(paper, () => {
    setText(paper, `${title} · ${period}`, { x: room.left, y: 804, width: 250 }, style);
    setText(paper, names, { x: room.left, y: 815, width: 380 }, style);
    setText(paper, page, { x: room.right - 120, y: 804, width: 120 }, { ...style, align: "right" });
  });
}
