import type { Order } from "../core/order.ts";
import type { Sql } from "./connect.ts";

/** A variant of which there are fewer than an order asks for. */
export type Shortage = { item: string; variant: string; remaining: bigint };

/**
 * Takes what an order sells off the shelf, all of it or nothing; whoever asks first has it. The same order asked again
 * takes nothing twice.
 * @returns what there is too little of; empty when all was taken or nothing of it is counted
 */
export async function reserveStock(sql: Sql, { id, lines }: Pick<Order, "id" | "lines">): Promise<Shortage[]> {
  const wanted = lines
    .filter((line) => line.kind === "sale")
    .map(({ campaign, item, variant, quantity }) => ({
      campaign: campaign.slug,
      item: item.slug,
      variant: variant.slug,
      quantity,
    }));
  if (wanted.length === 0) return [];
  return await sql<Shortage[]>`select item, variant, remaining from reserve_stock(${id}, ${sql.json(wanted)})`;
}

/** Puts back what an order had taken, when it cannot be paid. */
export async function releaseStock(sql: Sql, orderId: string): Promise<void> {
  await sql`select release_stock(${orderId})`;
}
