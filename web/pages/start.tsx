import type { Staff } from "../../src/core/role.ts";
import { isStartDone, type StartStep } from "../../src/core/start.ts";
import { startWords as words } from "../locales/en/start.ts";
import type { Frame } from "../parts/frame.ts";
import { Layout } from "../parts/layout.tsx";
import { StartList } from "../parts/start-list.tsx";

export type StartPageProps = { frame: Frame; steps: readonly StartStep[]; staff: Staff };

/** `GET /desk/start`: the first day's steps. While something is open the page looks again by itself. */
export function StartPage({ frame, steps, staff }: StartPageProps) {
  const done = steps.filter(({ isDone }) => isDone).length;
  const isDone = isStartDone(steps);
  return (
    <Layout frame={frame} title={words.title} current="desk">
      <main id="main" class="wrap narrow" data-state={String(done)} {...(isDone ? {} : { "data-look-again": true })}>
        <p class="over">
          <a href="/desk">{words.over}</a>
        </p>
        <h1>{words.title}</h1>
        <div aria-live="polite">
          <p class="lead">{isDone ? words.allDone : words.lead}</p>
          <p class="num soft">{words.progress(done, steps.length)}</p>
          <StartList steps={steps} staff={staff} isSandbox={frame.sandbox} />
        </div>
      </main>
    </Layout>
  );
}
