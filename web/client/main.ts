import "../style/index.css";
import { countCharacters } from "./characters.ts";
import { focusErrors } from "./focus-errors.ts";
import { followGift } from "./give.ts";
import { hideGiveBar } from "./give-bar.ts";
import { lookAgain } from "./look-again.ts";
import { stopAtScrollers } from "./scrollers.ts";
import { sendOnce } from "./send-once.ts";
import { followOrder } from "./shop.ts";
import { dismissTerms } from "./terms.ts";

// Every page works without this file. Each line adds what its page has room for and does nothing elsewhere.
dismissTerms(document);
stopAtScrollers(document);
focusErrors(document);
countCharacters(document);
followGift(document);
followOrder(document);
hideGiveBar(document);
sendOnce(document);
lookAgain(document);

if (document.querySelector("[data-board]") !== null) {
  void import("./board.ts").then(({ startBoard }) => startBoard(document));
}
