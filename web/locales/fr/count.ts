/** « 1 personne », « 195 personnes »: French takes the singular for 0 and 1. */
export function count(number: number, one: string, many: string): string {
  return `${number.toLocaleString("fr-CA")} ${Math.abs(number) < 2 ? one : many}`;
}
