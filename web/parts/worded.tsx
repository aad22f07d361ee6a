import { ourLanguage } from "../../src/core/wording.ts";

type WordedProps = {
  as: "heading" | "lead" | "soft";
  /** What staff wrote there, and in which language; nothing when they did not. */
  written: { words: string; language: string } | undefined;
  ours: string;
};

/** A place of a public page whose words staff may write; a reader aloud is told when they are of another language. */
export function Worded({ as, written, ours }: WordedProps) {
  const lang = written === undefined || written.language === ourLanguage ? {} : { lang: written.language };
  const words = written?.words ?? ours;
  return as === "heading" ? (
    <h1 {...lang}>{words}</h1>
  ) : (
    <p class={as} {...lang}>
      {words}
    </p>
  );
}
