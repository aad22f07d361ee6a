/** Takes the fixed Give button away once the form has come far enough onto the screen that its amounts can be chosen. */
export function hideGiveBar(document: Document): void {
  const bar = document.querySelector<HTMLElement>("[data-givebar]");
  const form = document.querySelector("#give");
  if (bar === null || form === null || typeof IntersectionObserver === "undefined") return;
  const hide = ([form]: IntersectionObserverEntry[]): void => {
    bar.toggleAttribute("data-away", form?.isIntersecting === true);
  };
  // Only its heading at the lower edge would leave nothing on the screen to give with.
  const watch = new IntersectionObserver(hide, { rootMargin: "0px 0px -40% 0px" });
  watch.observe(form);
}
