/** A table that fits needs no stop of the Tab key; one that scrolls does, so that the arrow keys can move it. */
export function stopAtScrollers(document: Document): void {
  if (typeof ResizeObserver === "undefined") return;
  const watch = new ResizeObserver((entries) => {
    for (const { target } of entries) {
      const scrolls = target.scrollWidth > target.clientWidth + 1 || target.scrollHeight > target.clientHeight + 1;
      if (scrolls) target.setAttribute("tabindex", "0");
      else target.removeAttribute("tabindex");
    }
  });
  for (const frame of document.querySelectorAll(".scroll")) watch.observe(frame);
}
