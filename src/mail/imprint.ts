import type { Organisation } from "../core/fund.ts";

/** Who stands behind a mail: the legal name, address and contact of every organisation. */
export function imprint(organisations: readonly Organisation[]): string {
  return organisations
    .map(({ legalName, address, contact }) => ["-- ", legalName, address, contact].join("\n"))
    .join("\n");
}
