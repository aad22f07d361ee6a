import type { BoardData } from "../charts/board-data.ts";
import { fundTable } from "../charts/board-tables.ts";
import { changeInWords } from "../charts/board-text.ts";
import { boardWords as words } from "../locales/en/board.ts";
import { calmly } from "./calmly.ts";
import { startCharts } from "./charts.ts";
import { drawTable } from "./draw-table.ts";
import { drawAnswers, drawTexts } from "./draw-texts.ts";
import { follow } from "./live.ts";

/** Redrawing more often than this would be a flicker; in a rush one drawing holds many gifts. */
const drawEveryMs = 1_000;
/** A screen reader needs the time to finish a sentence, and its user to think. */
const announceEveryMs = 10_000;

/** Draws the dashboard's charts and keeps all of it up to date, without ever loading the page again. */
export function startBoard(document: Document): void {
  const embedded = document.querySelector("#board-data")?.textContent ?? "";
  if (embedded === "") return;
  let shown = JSON.parse(embedded) as BoardData;
  const charts = startCharts(document, shown);
  const announce = calmly(announceEveryMs, (text: string) => {
    const line = document.querySelector("[data-announce]");
    if (line !== null) line.textContent = text;
  });
  const draw = (data: BoardData) => {
    const changed = JSON.stringify({ ...data, asOf: "" }) !== JSON.stringify({ ...shown, asOf: "" });
    // A payment that only arrives moves the page, but what is read aloud would be no news.
    const isNews = changeInWords(data) !== changeInWords(shown);
    shown = data;
    drawTexts(document, data);
    if (!changed) return;
    drawTable(document, "funds", fundTable(data));
    drawAnswers(document, data);
    charts.draw(data);
    if (isNews) announce(changeInWords(data));
  };
  const leave = follow({
    events: "/board/live",
    totals: totalsAddress(document),
    everyMs: drawEveryMs,
    onData: (data) => draw(data as BoardData),
    onState: (state) => showState(document, state),
  });
  openNamed(document);
  document.defaultView?.addEventListener("hashchange", () => openNamed(document));
  // Whoever sends a form goes on to its answer; after "Sign out" the figures would be refused.
  document.defaultView?.addEventListener("submit", (event) => {
    if (!event.defaultPrevented) leave();
  });
}

/** The figures as JSON: of what is shown, which is not the address's where that could not be read. */
function totalsAddress(document: Document): string {
  const query = document.querySelector<HTMLElement>("[data-board]")?.dataset["query"] ?? "";
  return query === "" ? "/board/totals.json" : `/board/totals.json?${query}`;
}

/** Opens the answer that an address names, in browsers that do not do it by themselves. */
function openNamed(document: Document): void {
  const name = document.location.hash.slice(1);
  const answer = name === "" ? null : document.getElementById(name)?.closest("details");
  if (answer != null) answer.open = true;
}

function showState(document: Document, state: "on" | "off" | "closed"): void {
  const line = document.querySelector<HTMLElement>("[data-live-state]");
  if (line === null) return;
  line.hidden = false;
  line.dataset["state"] = state;
  line.textContent = words.live[state];
}
