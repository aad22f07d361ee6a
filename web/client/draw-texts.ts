import { moneyParts } from "../../src/core/money.ts";
import { answersOf } from "../charts/answers.ts";
import { contextOf } from "../charts/answer.ts";
import type { BoardData } from "../charts/board-data.ts";
import { boardFigures, boardStatus, otherCurrencies, type BoardFigure } from "../charts/board-text.ts";
import { drawTable } from "./draw-table.ts";

/** Brings the dashboard's large numbers and sentences up to date; what did not change is not touched. */
export function drawTexts(document: Document, data: BoardData): void {
  for (const figure of boardFigures(data)) {
    drawFigure(find(document, figure.name), figure, data.currency);
    setText(find(document, `${figure.name}-note`), figure.note);
  }
  const status = boardStatus(data);
  setText(find(document, "as-of"), status.lead);
  drawLines(find(document, "status"), "li", status.sentences);
  drawLines(find(document, "status-more"), "li", status.more);
  const chip = find(document, "status-chip");
  setText(chip, status.chip);
  if (chip !== null) chip.className = `chip ${status.tone}`;
  const bar = document.querySelector("[data-proof]");
  if (bar !== null) bar.className = `proof ${status.tone}`;
  drawLines(find(document, "other-currencies"), "p", otherCurrencies(data));
}

/** Brings the answers up to date: sentence, notes, table and as of when. The server's twin is `parts/board-answer.tsx`. */
export function drawAnswers(document: Document, data: BoardData): void {
  for (const answer of answersOf(data)) {
    const { name, sentence, muted = false, notes = [], table = null } = answer;
    document.querySelector(`[data-answer="${name}"]`)?.classList.toggle("muted", muted);
    setText(find(document, `${name}-sentence`), sentence);
    drawLines(find(document, `${name}-notes`), "li", notes);
    setText(find(document, `${name}-context`), contextOf(answer, data));
    if (table !== null) drawTable(document, `${name}-answer`, table);
  }
}

/** The number as the server writes it: money with its decimals set smaller. */
function drawFigure(element: HTMLElement | null, { value }: BoardFigure, currency: string): void {
  if (element === null) return;
  const before = element.textContent;
  if ("text" in value) {
    setText(element, value.text);
  } else {
    const { sign, symbol, whole, decimals } = moneyParts({ amountMinor: BigInt(value.money), currency });
    if (before === `${sign}${symbol}${whole}${decimals}`) return;
    const cents = element.ownerDocument.createElement("span");
    cents.className = "cents";
    cents.textContent = decimals;
    element.replaceChildren(`${sign}${symbol}${whole}`, ...(decimals === "" ? [] : [cents]));
  }
  if (before !== element.textContent) markFresh(element);
}

/** Starts the quiet mark of a changed number anew. */
function markFresh(element: HTMLElement): void {
  element.classList.remove("fresh");
  void element.offsetWidth;
  element.classList.add("fresh");
}

/** Sentences, an element each; what says the same is not touched. */
function drawLines(element: HTMLElement | null, tag: "li" | "p", sentences: readonly string[]): void {
  if (element === null) return;
  const before = [...element.children].map((child) => child.textContent);
  if (before.length === sentences.length && before.every((text, index) => text === sentences[index])) return;
  const lines = sentences.map((sentence) => {
    const line = element.ownerDocument.createElement(tag);
    line.textContent = sentence;
    return line;
  });
  element.replaceChildren(...lines);
}

function find(document: Document, name: string): HTMLElement | null {
  return document.querySelector<HTMLElement>(`[data-live="${name}"]`);
}

function setText(element: HTMLElement | null, text: string): void {
  if (element !== null && element.textContent !== text) element.textContent = text;
}
