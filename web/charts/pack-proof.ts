import type { BoardAnswers } from "../../src/core/board.ts";
import type { PackTongue } from "../parts/pack-format.ts";
import { asStart, sentences, type PackBlock, type PackSection } from "./pack-block.ts";
import type { BoardData } from "./board-data.ts";
import type { SharedPack } from "./pack-data.ts";

type Kept = BoardAnswers["trust"]["organisations"][number];

/** The proof line: what of these numbers is proved, and what is not. It claims no more than is known. */
export function proofSection(board: BoardData, tongue: PackTongue): PackSection {
  const { trust } = board.answers;
  const texts = trust.organisations.flatMap((kept) => [
    stripeSentence(kept, board.timeZone, tongue, true),
    ...(kept.proofsHold ? [] : [tongue.words.proof.broken(asStart(kept.name))]),
  ]);
  return proofOf(trust.organisations, texts, tongue);
}

/** The same for a shared pack: no amount of a difference, and nobody's name. */
export function sharedProofSection(shared: SharedPack, tongue: PackTongue): PackSection {
  const texts = shared.trust.flatMap((kept) => [
    stripeSentence(kept, shared.timeZone, tongue, false),
    kept.closed === null
      ? tongue.words.proof.open(asStart(kept.name))
      : tongue.words.proof.closed(asStart(kept.name), tongue.month(kept.closed.month)),
  ]);
  return proofOf(shared.trust, texts, tongue);
}

function proofOf(
  kept: readonly Pick<Kept, "stripe" | "proofsHold">[],
  texts: string[],
  { words }: PackTongue,
): PackSection {
  const isGood = kept.length > 0 && kept.every(({ stripe, proofsHold }) => proofsHold && stripe.state === "agrees");
  const tone = isGood ? "good" : "warn";
  return {
    name: "proof",
    heading: words.proof.heading,
    blocks: [{ kind: "proof", tone, chip: words.proof.chips[tone], texts: [...texts, words.proof.bank] }],
  };
}

function stripeSentence(
  { name: named, stripe }: Pick<Kept, "name" | "stripe">,
  timeZone: string,
  { words: { proof }, money, moment }: PackTongue,
  withAmount: boolean,
): string {
  const name = asStart(named);
  const at = stripe.askedAt === null ? "" : moment(stripe.askedAt, timeZone);
  switch (stripe.state) {
    case "agrees":
      return proof.agrees(name, at);
    case "stale":
      return proof.stale(name, at);
    case "moving":
      return proof.moving(name);
    case "differs":
      return withAmount ? proof.differsBy(name, money(stripe.differenceMinor)) : proof.differs(name);
    case "not yet":
      return proof.notYet(name);
  }
}

/** What is closed, what is disputed, and what still waits. */
export function trustSection({ answers: { trust } }: BoardData, { words, money, month }: PackTongue): PackSection {
  const { disputes, unassigned, feesUnknown, suspenseMinor } = trust;
  const blocks: PackBlock[] = trust.organisations.flatMap(({ name, closed }) =>
    sentences([
      closed === null
        ? words.proof.open(asStart(name))
        : words.proof.closedBy(asStart(name), month(closed.month), closed.by),
    ]),
  );
  const rest = sentences([
    trust.organisations.some(({ closed }) => closed !== null) ? words.trust.provisional : null,
    disputes.open === 0 ? words.trust.noDisputes : words.trust.disputes(disputes.open, money(disputes.minor)),
    unassigned.gifts === 0
      ? words.trust.noUnassigned
      : words.trust.unassigned(unassigned.gifts, money(unassigned.minor)),
    feesUnknown === 0 ? null : words.trust.fees(feesUnknown),
    suspenseMinor === 0 ? null : words.trust.suspense(money(suspenseMinor)),
  ]);
  return { name: "trust", heading: words.trust.heading, blocks: [...blocks, ...rest] };
}
