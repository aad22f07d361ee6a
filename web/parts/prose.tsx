/** Plain text in paragraphs: an empty line starts a new one. */
export function Prose({ text, lead = false }: { text: string; lead?: boolean }) {
  const paragraphs = text.split(/\n\s*\n/u).filter((paragraph) => paragraph.trim() !== "");
  return (
    <>
      {paragraphs.map((paragraph) => (
        <p class={lead ? "lead" : ""}>{paragraph}</p>
      ))}
    </>
  );
}
