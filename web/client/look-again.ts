/** Waits between looks in milliseconds: quickly at first, since the record usually follows within seconds. */
const waitsMs = [
  1_000, 1_000, 2_000, 2_000, 3_000, 5_000, 5_000, 10_000, 10_000, 15_000, 30_000, 60_000, 60_000, 120_000,
];

/**
 * On a thank-you page that still waits: fetches the same page again until it says something else, and puts that in its
 * place. The page's link does the same without script.
 */
export function lookAgain(document: Document, waits: readonly number[] = waitsMs): void {
  const main = document.querySelector<HTMLElement>("main[data-look-again]");
  const [wait, ...later] = waits;
  if (main === null || wait === undefined) return;
  setTimeout(() => void look(document, main, later), wait);
}

async function look(document: Document, main: HTMLElement, later: readonly number[]): Promise<void> {
  const fresh = await freshMain(document);
  const changed = fresh !== null && fresh.dataset["state"] !== main.dataset["state"];
  if (changed) {
    // Only what the live region holds is exchanged, so that a screen reader reads the news.
    main.dataset["state"] = fresh.dataset["state"] ?? "";
    main.toggleAttribute("data-look-again", fresh.hasAttribute("data-look-again"));
    main.querySelector("[aria-live]")?.replaceChildren(...(fresh.querySelector("[aria-live]")?.childNodes ?? []));
    document.title = fresh.ownerDocument.title;
  }
  lookAgain(document, later);
}

/** The page as it is now; null when it cannot be had, which is no news. */
async function freshMain(document: Document): Promise<HTMLElement | null> {
  try {
    const answer = await fetch(document.location.href, { headers: { accept: "text/html" } });
    if (!answer.ok) return null;
    const page = new DOMParser().parseFromString(await answer.text(), "text/html");
    return page.querySelector<HTMLElement>("main[data-state]");
  } catch {
    return null;
  }
}
