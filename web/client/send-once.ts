import { giveWords } from "../locales/en/give.ts";

/**
 * Says that a form is on its way and ignores a second press. The server would not charge twice either (the hidden
 * `order` is one order); this is for the person who wonders whether the first press counted.
 */
export function sendOnce(document: Document): void {
  for (const form of document.querySelectorAll<HTMLFormElement>("form[data-give], form[data-shop]")) {
    const button = form.querySelector<HTMLButtonElement>("button[type=submit]");
    let before: Node[] = [];
    form.addEventListener("submit", (event) => {
      if (form.dataset["sent"] !== undefined) {
        event.preventDefault();
        return;
      }
      form.dataset["sent"] = "";
      if (button === null) return;
      button.setAttribute("aria-disabled", "true");
      before = [...button.childNodes];
      button.replaceChildren(giveWords.opening);
    });
    // Back from Stripe the browser may show this very page again, as it was left.
    window.addEventListener("pageshow", (event) => {
      if (!event.persisted || form.dataset["sent"] === undefined) return;
      delete form.dataset["sent"];
      button?.removeAttribute("aria-disabled");
      button?.replaceChildren(...before);
    });
  }
}
