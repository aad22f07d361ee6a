type Mode = "sandbox" | "test" | "live";

/** Which modes a database of this mode can be carried into: from play to trial to real money, and never back. */
export function nextModes(mode: Mode): ("test" | "live")[] {
  switch (mode) {
    case "sandbox":
      return ["test", "live"];
    case "test":
      return ["live"];
    case "live":
      return [];
    default:
      return mode satisfies never;
  }
}
