/** Takes the fixed Give button away once the form has come far enough onto the screen that an amount can be chosen. */
export function hideGiveBar(document: Document): void {
  const bar = document.querySelector<HTMLElement>("[data-givebar]");
  const form = document.querySelector("#give");
  if (bar === null || form === null || typeof IntersectionObserver === "undefined") return;
  const hide = ([form]: IntersectionObserverEntry[]): void => {
    bar.toggleAttribute("data-away", form?.isIntersecting === true);
  };
  // Its heading alone at the lower edge would leave nothing on the screen to give with.
  const amounts = form.querySelector(".tiles, .field") ?? form;
  const least = Math.round(amounts.getBoundingClientRect().bottom - form.getBoundingClientRect().top);
  const watch = new IntersectionObserver(hide, { rootMargin: `0px 0px -${least}px 0px` });
  watch.observe(form);
}
