import { raw } from "hono/html";

/** Data for the browser's script. `<` is written as an escape, so that no text inside can close the element. */
export function EmbeddedJson({ id, value }: { id: string; value: unknown }) {
  return (
    <script type="application/json" id={id}>
      {raw(JSON.stringify(value).replaceAll("<", "\\u003c"))}
    </script>
  );
}
