import type { Answer } from "./answer.ts";
import type { BoardData } from "./board-data.ts";
import { fewWhoGaveMost, regularGifts, typicalGift } from "./gift-answers.ts";
import { merchandiseAnswer } from "./merchandise-answer.ts";
import { costOfADollar, givenBack, mayBeSpent, onTrack, reachedTheCause } from "./money-answers.ts";
import { retention, whoGave } from "./people-answers.ts";
import { jointAnswer, trustAnswer } from "./trust-answer.ts";

/**
 * The questions of a board, in the order in which they stand; what does not apply here is left out. Which ones there are
 * depends on the place and its settings, never on the figures: an answer does not come and go while somebody reads.
 */
export function answersOf(data: BoardData): Answer[] {
  return [
    reachedTheCause(data),
    onTrack(data),
    jointAnswer(data),
    whoGave(data),
    retention(data),
    typicalGift(data),
    regularGifts(data),
    fewWhoGaveMost(data),
    givenBack(data),
    merchandiseAnswer(data),
    mayBeSpent(data),
    costOfADollar(data),
    trustAnswer(data),
  ].filter((answer) => answer !== null);
}
