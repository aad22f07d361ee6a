import { JSDOM } from "jsdom";

// One window for all: a fresh one for every page would take longer than the tests themselves.
const { window } = new JSDOM("");

/** A page or part as the server writes it. Hono's elements become their markup when they are written as text. */
export function html(page: unknown): string {
  return (page as { toString: () => string }).toString();
}

/** Renders a page as the server does and parses it as a browser does, without running its script. */
export async function render(page: unknown): Promise<Document> {
  return new window.DOMParser().parseFromString(html(await page), "text/html");
}

/** What a browser would send for this form, by field name. */
export function fields(document: Document, selector: string): Record<string, string> {
  const form = document.querySelector<HTMLFormElement>(selector);
  if (form === null) throw new Error(`there is no form ${selector}`);
  return Object.fromEntries(
    [...new window.FormData(form)].map(([name, value]) => [name, typeof value === "string" ? value : ""]),
  );
}

/** The text of an element with spaces folded; fails when there is no such element. */
export function text(root: ParentNode, selector: string): string {
  const element = root.querySelector(selector);
  if (element === null) throw new Error(`there is no ${selector}`);
  return fold(element.textContent);
}

/** The texts of all matching elements. */
export function texts(root: ParentNode, selector: string): string[] {
  return [...root.querySelectorAll(selector)].map((element) => fold(element.textContent));
}

/** A table as rows of texts, head and sum included, meanings and hidden explanations left out. */
export function rows(root: ParentNode, selector: string): string[][] {
  return [...root.querySelectorAll<HTMLTableRowElement>(`${selector} tr`)].map((row) =>
    [...row.cells].map((cell) =>
      fold((cell.querySelector(".term > a") ?? cell.querySelector(":scope > span, :scope > a") ?? cell).textContent),
    ),
  );
}

function fold(content: string | null): string {
  return (content ?? "").replace(/\s+/gu, " ").trim();
}
