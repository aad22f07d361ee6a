/** « 1 personne », « 195 personnes »: French takes the singular for 0 and 1. */
export function count(number: number, one: string, many: string): string {
  return `${number.toLocaleString("fr-CA")} ${Math.abs(number) < 2 ? one : many}`;
}

/** « de mars », « d’avril ». */
export function ofThis(name: string): string {
  return /^[aeiouyàâéèêîôû]/iu.test(name) ? `d’${name}` : `de ${name}`;
}
