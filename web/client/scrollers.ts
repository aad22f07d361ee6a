/**
 * A table that fits needs no stop of the Tab key; one that scrolls does, so that the arrow keys can move it. One whose columns go
 * on to the right says so, until it was moved to its end.
 */
export function stopAtScrollers(document: Document): void {
  if (typeof ResizeObserver === "undefined") return;
  const showMore = (frame: Element): void => {
    const rest = frame.scrollWidth - frame.clientWidth - frame.scrollLeft;
    frame.toggleAttribute("data-more", rest > 1);
  };
  const watch = new ResizeObserver((entries) => {
    for (const { target } of entries) {
      const scrolls = target.scrollWidth > target.clientWidth + 1 || target.scrollHeight > target.clientHeight + 1;
      if (scrolls) target.setAttribute("tabindex", "0");
      else target.removeAttribute("tabindex");
      showMore(target);
    }
  });
  for (const frame of document.querySelectorAll(".scroll")) {
    watch.observe(frame);
    frame.addEventListener("scroll", () => showMore(frame), { passive: true });
  }
}
