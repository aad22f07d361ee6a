/** Brings the summary of errors to the reader: screen readers start there, and the first link is one key away. */
export function focusErrors(document: Document): void {
  document.querySelector<HTMLElement>("[data-focus]")?.focus();
}
