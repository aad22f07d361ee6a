/** "1 person", "195 people": a number with the word that fits it. */
export function count(number: number, one: string, many: string): string {
  return `${formatCount(number)} ${number === 1 ? one : many}`;
}

const counts = new Intl.NumberFormat("en-CA");

/** A count with thousands apart: 1,204. */
export function formatCount(number: number): string {
  return counts.format(number);
}

/** "a", "a and b", "a, b and c". */
export function listInWords(parts: readonly string[]): string {
  if (parts.length <= 1) return parts.join("");
  return `${parts.slice(0, -1).join(", ")} and ${parts.at(-1)}`;
}
