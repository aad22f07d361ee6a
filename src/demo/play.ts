import type Stripe from "stripe";
import type { Sql } from "../db/connect.ts";
import { recordCash } from "../db/cash.ts";
import { listStorySteps, noteStoryPlayed, noteStorySessions } from "../db/story.ts";
import { createCheckout } from "../stripe/checkout.ts";
import type { Sandbox } from "../stripe/sandbox/sandbox.ts";
import { dispute, giveBack, stopRepeating } from "./aftermath.ts";
import type { StoryClock } from "./clock.ts";
import type { Bought, InCash, Linked, StoryAction, StoryPlan } from "./plan.ts";

/** What the story is played on: the sandbox on one side, cash and what was played on the other. */
export type Stage = {
  sandbox: Pick<Sandbox, "pay" | "tick" | "dispute" | "decideDispute">;
  /** The real SDK, by the account's slug. */
  stripe: (account: string) => Stripe;
  sql: Sql;
  /** The clock that the sandbox was made with. */
  clock: StoryClock;
  baseUrl: string;
};

export type Progress = { played: number; total: number };

type Step<Kind extends StoryAction["kind"]> = Extract<StoryAction, { kind: Kind }>;

/** Actions between two notes of how far the story has come. */
const chunkSize = 96;
/** Deeds at once. The sandbox and the door behind it share one process and one database with us. */
const atOnce = 24;

/**
 * Plays what is left of a plan, in the order of time. It may be stopped anywhere, even killed: no action is played twice,
 * because a session is noted before it is paid, a session is paid, disputed and stopped once, a refund carries its action's
 * key, and cash its request. What repeats comes by itself, as the clock is turned.
 * @throws Error when the sandbox or the database refuses an action
 */
export async function playStory(
  stage: Stage,
  plan: StoryPlan,
  onProgress: (progress: Progress) => void,
): Promise<void> {
  const steps = new Map((await listStorySteps(stage.sql)).map((step) => [step.key, step]));
  const sessions = new Map(
    [...steps].flatMap(([key, { sessionId }]) => (sessionId === null ? [] : [[key, sessionId]])),
  );
  const left = plan.actions.filter(({ key }) => steps.get(key)?.isPlayed !== true);
  const total = plan.actions.length;
  for (let from = 0; from < left.length; from += chunkSize) {
    const chunk = left.slice(from, from + chunkSize);
    onProgress({ played: total - left.length + from, total });
    await playChunk(stage, chunk, sessions, new Map(plan.actions.map((action) => [action.key, action])));
  }
  stage.clock.finish();
  onProgress({ played: total, total });
}

/** Plays actions that follow each other in time; what goes back in this chunk was paid in it or before. */
async function playChunk(
  stage: Stage,
  chunk: StoryAction[],
  sessions: Map<string, string>,
  actions: Map<string, StoryAction>,
): Promise<void> {
  const [first] = chunk;
  if (first !== undefined) await reach(stage, first.at);
  const payments = chunk.filter(
    (action): action is Step<"checkout" | "link"> => action.kind === "checkout" || action.kind === "link",
  );

  const opened: { key: string; session_id: string }[] = [];
  await inParallel(
    payments.filter(({ key }) => !sessions.has(key)),
    async (action) => {
      const session_id = await stage.clock.at(new Date(action.at), () => openSession(stage, action));
      opened.push({ key: action.key, session_id });
      sessions.set(action.key, session_id);
    },
  );
  if (opened.length > 0) await noteStorySessions(stage.sql, opened);

  await inParallel(payments, (action) =>
    stage.clock.at(new Date(action.at), () => payIn(stage, action, found(sessions, action.key))),
  );
  for (const action of chunk) {
    if (action.kind === "cash") await recordStoryCash(stage.sql, action);
    if ("of" in action) await playAftermath(stage, action, sessions, actions);
  }
  await noteStoryPlayed(
    stage.sql,
    chunk.map(({ key }) => key),
  );
}

/** Turns the sandbox's clock to `moment`, and lets happen what is due by then: the months of what repeats, among others. */
async function reach({ clock, sandbox }: Stage, moment: string): Promise<void> {
  clock.reach(new Date(moment));
  await sandbox.tick();
}

async function playAftermath(
  stage: Stage,
  action: Step<"refund" | "dispute" | "stop">,
  sessions: Map<string, string>,
  actions: Map<string, StoryAction>,
): Promise<void> {
  const { key, at, of } = action;
  const paid = actions.get(of);
  if (paid?.kind !== "checkout") throw new Error(`${key} follows ${of}, which is no checkout`);
  const { account } = paid.order;
  const client = stage.stripe(account);
  const session = found(sessions, of);
  await reach(stage, at);
  await stage.clock.at(new Date(at), async () => {
    if (action.kind === "refund") await giveBack({ client, session }, key, action.amountMinor);
    if (action.kind === "dispute") await dispute({ client, session }, stage.sandbox, account);
    if (action.kind === "stop") await stopRepeating({ client, session });
  });
}

function openSession(stage: Stage, action: Step<"checkout" | "link">): Promise<string> {
  return action.kind === "checkout" ? openCheckout(stage, action) : openLink(stage, action);
}

async function openCheckout({ stripe, baseUrl }: Stage, { at, order }: StoryAction & Bought): Promise<string> {
  const answer = await createCheckout(stripe(order.account), order, { baseUrl, now: () => new Date(at) });
  if (!answer.ok) throw new Error(`the sandbox made no session for order ${order.id}: ${answer.reason}`);
  return answer.sessionId;
}

/** A payment link of Stripe's dashboard knows nothing of our funds and orders. */
async function openLink(
  { stripe, baseUrl }: Stage,
  { key, account, amountMinor, description }: StoryAction & Linked,
): Promise<string> {
  const price = { currency: "cad", unit_amount: Number(amountMinor), product_data: { name: description } };
  const session = await stripe(account).checkout.sessions.create(
    {
      mode: "payment",
      line_items: [{ quantity: 1, price_data: price }],
      payment_intent_data: { description },
      success_url: `${baseUrl}/`,
    },
    { idempotencyKey: `story-${key}` },
  );
  return session.id;
}

async function payIn({ sandbox }: Stage, action: Step<"checkout" | "link">, sessionId: string): Promise<void> {
  const { payer, card } = action;
  const account = action.kind === "checkout" ? action.order.account : action.account;
  const email = (action.kind === "checkout" ? action.order.email : null) ?? payer.email;
  const { outcome } = await sandbox.pay(account, sessionId, { email, name: payer.name, card });
  if (outcome !== "paid" && outcome !== "paid before") throw new Error(`${action.key} could not be paid: ${outcome}`);
}

async function recordStoryCash(
  sql: Sql,
  { key, fund, day, amountMinor, payer, note }: StoryAction & InCash,
): Promise<void> {
  const who = { email: payer?.email ?? null, person: null, name: null };
  const recorded = await recordCash(sql, {
    request: `story-${key}`,
    fund,
    organisation: null,
    amountMinor,
    currency: null,
    day,
    note,
    ...who,
  });
  if (!recorded.ok) throw new Error(`${key} was refused: ${recorded.refusal}`);
}

function found(sessions: Map<string, string>, key: string): string {
  const sessionId = sessions.get(key);
  if (sessionId === undefined) throw new Error(`${key} has no session`);
  return sessionId;
}

/** Does `work` for each, a few at once; the first failure ends it. */
async function inParallel<Each>(list: readonly Each[], work: (each: Each) => Promise<void>): Promise<void> {
  const rest = list.values();
  const worker = async (): Promise<void> => {
    for (const each of rest) await work(each);
  };
  await Promise.all(Array.from({ length: atOnce }, worker));
}
