import type Stripe from "stripe";
import type { Sandbox } from "../stripe/sandbox/sandbox.ts";

/** A checkout of the story that was paid: its account's SDK client and its session. */
export type Paid = { client: Stripe; session: string };

/** On objects of Stripe that stand for something that no source tells of. */
const invented = { remark: "invented for this demo" };

/** Gives back `amountMinor` of what was paid once, unless the action `key` has done so before. */
export async function giveBack(paid: Paid, key: string, amountMinor: bigint): Promise<void> {
  const payment_intent = await paymentOf(paid);
  const earlier = await paid.client.refunds.list({ payment_intent });
  if (earlier.data.some(({ metadata }) => metadata?.["story"] === key)) return;
  await paid.client.refunds.create({
    payment_intent,
    amount: Number(amountMinor),
    reason: "requested_by_customer",
    metadata: { story: key, ...invented },
  });
}

/** Has the payer's bank take back what was paid once, for good, unless it has done so before. */
export async function dispute(
  paid: Paid,
  sandbox: Pick<Sandbox, "dispute" | "decideDispute">,
  account: string,
): Promise<void> {
  const { latest_charge: charge } = await paid.client.paymentIntents.retrieve(await paymentOf(paid));
  const id = typeof charge === "string" ? charge : charge?.id;
  if (id === undefined) throw new Error(`session ${paid.session} has no charge`);
  const [earlier] = (await paid.client.disputes.list({ charge: id })).data;
  const made = earlier ?? (await sandbox.dispute(account, id, { reason: "unrecognized", metadata: invented }));
  if (made.status !== "lost") await sandbox.decideDispute(account, made.id, "lost");
}

/** Ends the repeated gift that began with this checkout, unless it has ended. */
export async function stopRepeating({ client, session }: Paid): Promise<void> {
  const { subscription } = await client.checkout.sessions.retrieve(session);
  const id = typeof subscription === "string" ? subscription : subscription?.id;
  if (id === undefined) throw new Error(`session ${session} began nothing that repeats`);
  const { status } = await client.subscriptions.retrieve(id);
  if (status !== "canceled") await client.subscriptions.cancel(id);
}

/** The payment intent of a checkout that was paid once. */
async function paymentOf({ client, session }: Paid): Promise<string> {
  const { payment_intent: intent } = await client.checkout.sessions.retrieve(session);
  const id = typeof intent === "string" ? intent : intent?.id;
  if (id === undefined) throw new Error(`session ${session} was not paid`);
  return id;
}
