/** Colours and letters of a chart, read from the page's style so that light and dark agree with it. */
export type Look = {
  ink: string;
  soft: string;
  hair: string;
  paper: string;
  given: string;
  givenUnfinished: string;
  returned: string;
  unassigned: string;
  newDonors: string;
  /** From nothing to most. */
  heat: readonly [string, string, string, string, string];
  font: string;
  /** False for people who asked for less motion. */
  moves: boolean;
  /** Whether there is only the width of a phone to draw on. */
  narrow: boolean;
};

/** A colour of heat by its place, and the colour of what is written on it. */
export function heatOf(look: Look, step: number): { ground: string; ink: string } {
  const place = Math.min(Math.max(step, 0), 4);
  return { ground: look.heat[place] ?? look.hair, ink: place < 3 ? look.ink : look.paper };
}
