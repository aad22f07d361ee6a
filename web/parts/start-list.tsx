import { mayAnywhere, type Staff } from "../../src/core/role.ts";
import type { StartStep } from "../../src/core/start.ts";
import { startWords as words } from "../locales/en/start.ts";

type StartListProps = { steps: readonly StartStep[]; staff: Staff; isSandbox: boolean };

/** The steps of the first day, each with where it stands; the next one has the button. */
export function StartList({ steps, staff, isSandbox }: StartListProps) {
  return (
    <ol class="steps" role="list">
      {steps.map((step) => (
        <Step step={step} mayDo={mayAnywhere(staff, step.deed)} isSandbox={isSandbox} />
      ))}
    </ol>
  );
}

function Step({ step, mayDo, isSandbox }: { step: StartStep; mayDo: boolean; isSandbox: boolean }) {
  const { title, text, button, again } = words.steps[step.name];
  const state = step.isDone ? "done" : step.isNext ? "next" : "later";
  return (
    <li class={`step ${state}`} {...(step.isNext ? { "aria-current": "step" } : {})}>
      <p class="step-state">{words[state]}</p>
      <div>
        <h2>{title}</h2>
        {step.isDone ? null : <p>{text}</p>}
        {step.name === "stripe" && isSandbox ? <p class="small soft">{words.stripeInSandbox}</p> : null}
        {step.name === "gift" && step.isNext ? <p class="small soft">{words.waiting}</p> : null}
        {mayDo && (step.isDone || step.isNext) ? (
          <a class={step.isNext ? "btn" : "small"} href={step.href}>
            {step.isNext ? button : again}
          </a>
        ) : null}
        {step.name === "staff" && step.isNext && mayDo ? <WorksAlone /> : null}
      </div>
    </li>
  );
}

function WorksAlone() {
  return (
    <form method="post" action="/desk/start">
      <input type="hidden" name="alone" value="yes" />
      <p class="small soft">{words.aloneHint}</p>
      <button class="btn quiet" type="submit">
        {words.alone}
      </button>
    </form>
  );
}
