/** Escape hides the meaning that hover or focus has opened (WCAG 1.4.13); leaving the word arms it again. */
export function dismissTerms(document: Document): void {
  const terms = [...document.querySelectorAll<HTMLElement>("[data-term]")];
  document.addEventListener("keydown", (event) => {
    if (event.key !== "Escape") return;
    for (const term of terms) {
      if (term.matches(":hover, :focus-within")) term.dataset["dismissed"] = "";
    }
  });
  for (const term of terms) {
    const arm = () => {
      if (!term.matches(":focus-within")) delete term.dataset["dismissed"];
    };
    term.addEventListener("mouseleave", arm);
    term.addEventListener("focusout", () => {
      delete term.dataset["dismissed"];
    });
  }
}
