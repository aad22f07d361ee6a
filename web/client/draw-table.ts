import type { Cell, Table } from "../charts/table.ts";

/**
 * Brings a table of the page up to date. Rows are found by key and cells are only touched where their text changed, so
 * that a reader's place, focus and selection stay. The server's twin is `parts/ledger-table.tsx`.
 */
export function drawTable(document: Document, id: string, table: Table): void {
  const element =
    document.querySelector<HTMLTableElement>(`table[data-table="${id}"]`) ?? firstTable(document, id, table);
  const body = element?.tBodies[0];
  if (element === null || body === undefined) return;
  const old = new Map([...body.rows].map((row) => [row.dataset["row"] ?? "", row]));
  const rows = table.rows.map(({ key, cells }) => {
    const row = old.get(key) ?? newRow(document, key);
    drawCells(document, row, cells, table);
    return row;
  });
  // A row is moved only where it stands wrong: one that is moved loses the focus inside it.
  rows.forEach((row, index) => {
    const there = body.rows[index];
    if (there !== row) body.insertBefore(row, there ?? null);
  });
  while (body.rows.length > rows.length) body.deleteRow(rows.length);
  const foot = element.tFoot?.rows[0];
  if (foot !== undefined && table.sum !== null) drawCells(document, foot, table.sum, table);
}

/** The table in place of the sentence that stood there while it had no row; null when there is no place or still no row. */
function firstTable(document: Document, id: string, table: Table): HTMLTableElement | null {
  const sentence = document.querySelector(`p[id="${id}"]`);
  if (sentence === null || table.rows.length === 0) return null;
  const element = document.createElement("table");
  element.id = id;
  element.dataset["table"] = id;
  const caption = element.createCaption();
  caption.id = `${id}-caption`;
  caption.className = "unseen";
  caption.textContent = table.caption;
  const head = element.createTHead().insertRow();
  for (const column of table.columns) {
    const cell = document.createElement("th");
    cell.scope = "col";
    cell.className = column.number ? "r" : "";
    cell.textContent = column.label;
    head.append(cell);
  }
  element.createTBody();
  if (table.sum !== null) element.createTFoot().insertRow();
  const frame = document.createElement("div");
  frame.className = "scroll";
  frame.setAttribute("role", "region");
  frame.setAttribute("aria-labelledby", caption.id);
  frame.tabIndex = 0;
  frame.append(element);
  sentence.replaceWith(frame);
  return element;
}

function newRow(document: Document, key: string): HTMLTableRowElement {
  const row = document.createElement("tr");
  row.dataset["row"] = key;
  return row;
}

function drawCells(document: Document, row: HTMLTableRowElement, cells: readonly Cell[], table: Table): void {
  cells.forEach((cell, index) => {
    const old = row.cells[index];
    if (old === undefined) {
      row.append(newCell(document, cell, index, table.columns[index]?.number === true));
      return;
    }
    const text = old.querySelector(":scope > a, :scope > span") ?? old;
    if (text.textContent === cell.text) return;
    old.replaceWith(newCell(document, cell, index, table.columns[index]?.number === true, true));
  });
}

function newCell(
  document: Document,
  cell: Cell,
  index: number,
  isNumber: boolean,
  fresh = false,
): HTMLTableCellElement {
  const element = document.createElement(index === 0 ? "th" : "td");
  if (index === 0) element.setAttribute("scope", "row");
  if (isNumber) element.classList.add("r");
  if (fresh) element.classList.add("fresh");
  if (cell.href === undefined && cell.chip === undefined) {
    element.textContent = cell.text;
    return element;
  }
  const text = document.createElement(cell.href === undefined ? "span" : "a");
  if (cell.href !== undefined) text.setAttribute("href", cell.href);
  text.textContent = cell.text;
  element.append(text);
  if (cell.chip !== undefined) {
    const chip = document.createElement("span");
    chip.className = "chip";
    chip.textContent = cell.chip;
    element.append(" ", chip);
  }
  return element;
}
