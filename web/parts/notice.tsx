import type { Child } from "hono/jsx";

/** One calm sentence above the page's content, announced when it appears. */
export function Notice({ children }: { children: Child }) {
  return (
    <div class="notice" role="status">
      {children}
    </div>
  );
}
