import type { ChosenWording } from "../../src/core/wording.ts";
import type { Organisation } from "../../src/core/fund.ts";
import type { Deed } from "../../src/core/role.ts";

/** What every page needs besides its own figures. */
export type Frame = {
  /** Paths of the built files, hashed by Vite, such as `/assets/style-4f2a.css`. */
  assets: { style: string; script: string };
  /** True while no real money moves: every page says so. */
  sandbox: boolean;
  /** The desk as whoever looks knows it; null or left out for people who may not see it. */
  desk?: {
    /** The page's own address. */
    path: string;
    /** What they may do somewhere. */
    deeds: Deed[];
    /** How many things need a hand. */
    needsHand: number;
    /** Whether that is said on every page: to those who can mend it. */
    isTold: boolean;
  } | null;
  /** Whether whoever looks may open the dashboard; otherwise no page links to it. */
  boardIsOpen: boolean;
  /** Who is signed in, and whether the desk opens for them; null for everybody else. */
  staff: { name: string; seesDesk: boolean } | null;
  /** Named in the footer with legal name, address and contact. */
  organisations: Organisation[];
  /** The zone in which days and times are shown, such as `America/Toronto`. */
  timeZone: string;
  /** What staff wrote for a few places, in the language of whoever looks as far as there is one. */
  wording: ChosenWording;
};

/** Which entry of the main navigation the page belongs to. */
export type Room = "funds" | "shop" | "board" | "desk" | null;
