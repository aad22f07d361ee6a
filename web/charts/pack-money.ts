import { exponent } from "../../src/core/money.ts";
import type { PackTongue } from "../parts/pack-format.ts";
import { sentences, type PackSection } from "./pack-block.ts";
import type { BoardData } from "./board-data.ts";

/** What a dollar costs, with the accounts that are counted as cost. */
export function costSection({ answers: { cost }, currency }: BoardData, { words, money }: PackTongue): PackSection {
  const told = words.cost;
  if (cost === null) return { name: "cost", heading: told.heading, blocks: sentences([told.missing]) };
  const perUnit = cost.revenueMinor <= 0 ? null : perWholeUnit(cost.costMinor, cost.revenueMinor, exponent(currency));
  return {
    name: "cost",
    heading: told.heading,
    blocks: [
      ...sentences([
        perUnit === null ? told.nothing : told.sentence(money(perUnit)),
        perUnit === null ? null : told.revenue(money(cost.revenueMinor)),
      ]),
      ...(cost.costs.length === 0
        ? []
        : [
            {
              kind: "table" as const,
              table: {
                caption: told.caption,
                columns: [told.account, told.amount],
                rows: cost.costs.map(({ code, name, minor }) => [
                  `${code} ${words.accounts[code] ?? name}`,
                  money(minor),
                ]),
                sum: [words.total, money(cost.costMinor)],
              },
            },
          ]),
    ],
  };
}

/** What one whole unit of revenue cost in minor units, half up. */
function perWholeUnit(costMinor: number, revenueMinor: number, digits: number): number {
  const scale = 10n ** BigInt(digits);
  return Number((BigInt(costMinor) * scale * 2n + BigInt(revenueMinor)) / (BigInt(revenueMinor) * 2n));
}

export function spendableSection({ answers: { spendable } }: BoardData, tongue: PackTongue): PackSection {
  const { words, money, day } = tongue;
  const told = words.spendable;
  if (spendable === null) return { name: "spendable", heading: told.heading, blocks: sentences([told.missing]) };
  const { freeMinor, restrictedMinor, waitingMinor } = spendable;
  return {
    name: "spendable",
    heading: told.heading,
    blocks: [
      ...sentences([
        told.sentence(day(spendable.asOf), money(freeMinor), money(restrictedMinor)),
        waitingMinor === 0 ? null : told.waiting(money(waitingMinor)),
      ]),
      {
        kind: "table",
        table: {
          caption: told.caption,
          columns: [words.fund, told.balance],
          rows: spendable.funds.map(({ name, restricted, minor }) => [
            name === null ? words.unassigned : `${name} (${restricted ? told.restricted : told.free})`,
            money(minor),
          ]),
          sum: [words.total, money(freeMinor + restrictedMinor + waitingMinor)],
        },
      },
    ],
  };
}

/** Merchandise with its promise; null where nothing was ever sold in the period. */
export function merchandiseSection(
  { answers: { merchandise } }: Pick<BoardData, "answers">,
  tongue: PackTongue,
): PackSection | null {
  const { words, money } = tongue;
  const told = words.merchandise;
  const sold = merchandise.filter(({ unitsSold, grossMinor }) => unitsSold !== 0 || grossMinor !== 0);
  if (sold.length === 0) return null;
  const { columns } = told;
  const known = (minor: number | null): string => (minor === null ? told.unknown : money(minor));
  const isKept = sold.every(({ differenceMinor }) => differenceMinor !== null && differenceMinor >= 0);
  return {
    name: "merchandise",
    heading: told.heading,
    blocks: [
      ...sentences([told.apart]),
      {
        kind: "table",
        table: {
          caption: told.caption,
          columns: [
            columns.campaign,
            columns.units,
            columns.gross,
            columns.promised,
            columns.actual,
            columns.difference,
          ],
          rows: sold.map((each) => [
            each.name,
            tongue.count(each.unitsSold),
            money(each.grossMinor),
            known(each.promisedMinor),
            known(each.actualMinor),
            known(each.differenceMinor),
          ]),
          sum: null,
        },
      },
      ...sentences(
        isKept
          ? [told.kept]
          : sold.map(({ name, differenceMinor }) =>
              differenceMinor !== null && differenceMinor < 0 ? told.short(name, money(-differenceMinor)) : null,
            ),
      ),
    ],
  };
}
