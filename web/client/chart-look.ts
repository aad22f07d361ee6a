import type { Look } from "../charts/look.ts";

/** Less than this many pixels is the width of a phone. */
const narrowPx = 480;

/** Whether a chart has only the width of a phone. */
export function isNarrow(plot: Element): boolean {
  return plot.clientWidth < narrowPx;
}

/**
 * The page's colours as the browser resolves them: a custom property itself would still say `light-dark(...)`.
 * @param onPaper in light colours, whatever the screen has
 */
export function readLook(document: Document, onPaper = false): Look {
  const probe = document.createElement("span");
  if (onPaper) probe.style.colorScheme = "light";
  document.body.append(probe);
  const color = (name: string) => {
    probe.style.color = `var(--${name})`;
    return getComputedStyle(probe).color;
  };
  const look = {
    ink: color("ink"),
    soft: color("soft"),
    hair: color("hair"),
    paper: color("paper"),
    given: color("chart-given"),
    givenUnfinished: color("chart-unfinished"),
    returned: color("chart-returned"),
    unassigned: color("chart-unassigned"),
    newDonors: color("chart-new"),
    heat: [color("heat-0"), color("heat-1"), color("heat-2"), color("heat-3"), color("heat-4")] as const,
    font: getComputedStyle(document.body).fontFamily,
    moves: !window.matchMedia("(prefers-reduced-motion: reduce)").matches,
    narrow: false,
  };
  probe.remove();
  return look;
}
