import type { Organisation } from "../../src/core/fund.ts";
import type { Deed } from "../../src/core/role.ts";

/** What every page needs besides its own figures. */
export type Frame = {
  /** Paths of the built files, hashed by Vite, such as `/assets/style-4f2a.css`. */
  assets: { style: string; script: string };
  /** True while no real money moves: every page says so. */
  sandbox: boolean;
  /** Whether the dashboard and the desk may be opened from here; otherwise no page links to them. */
  boardIsOpen: boolean;
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
  /** Named in the footer with legal name, address and contact. */
  organisations: Organisation[];
  /** The zone in which days and times are shown, such as `America/Toronto`. */
  timeZone: string;
};

/** Which entry of the main navigation the page belongs to. */
export type Room = "funds" | "shop" | "board" | "desk" | null;
