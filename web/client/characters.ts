import { giveWords } from "../locales/en/give.ts";

/** Says under a text field how many characters are left, once it is more than half full. */
export function countCharacters(document: Document): void {
  for (const area of document.querySelectorAll<HTMLTextAreaElement>("[data-characters-max]")) {
    const most = Number(area.dataset["charactersMax"]);
    const line = document.createElement("p");
    line.className = "characters";
    line.setAttribute("aria-live", "polite");
    area.after(line);
    const say = () => {
      // Counted as the server counts: code points after trimming, not UTF-16 units.
      const left = most - Array.from(area.value.trim()).length;
      line.textContent = left < most / 2 ? giveWords.charactersLeft(left) : "";
    };
    area.addEventListener("input", say);
    say();
  }
}
