import { refusalLinks, refusalWords, type RefusalStatus } from "../locales/en/refusal.ts";
import type { Frame } from "../parts/frame.ts";
import { Layout } from "../parts/layout.tsx";

export type RefusalPageProps = {
  frame: Frame;
  status: RefusalStatus;
  /** What exactly was refused, in one plain sentence; never an exception's text. */
  reason?: string;
};

/** Any page that cannot be shown: what happened and what to do. */
export function RefusalPage({ frame, status, reason }: RefusalPageProps) {
  const { title, text, todo } = refusalWords[status];
  return (
    <Layout frame={frame} title={title} current={null}>
      <main id="main" class="wrap narrow">
        <p class="over num">{status}</p>
        <h1>{title}</h1>
        <p class="lead">{reason ?? text}</p>
        <p>{todo}</p>
        <p class="actions">
          <a class="btn quiet" href="/">
            {refusalLinks.funds}
          </a>
        </p>
      </main>
    </Layout>
  );
}
