/** Takes the fixed Give button away while the form itself is on the screen. */
export function hideGiveBar(document: Document): void {
  const bar = document.querySelector<HTMLElement>("[data-givebar]");
  const form = document.querySelector("#give");
  if (bar === null || form === null || typeof IntersectionObserver === "undefined") return;
  const watch = new IntersectionObserver(([form]) => {
    bar.toggleAttribute("data-away", form?.isIntersecting === true);
  });
  watch.observe(form);
}
