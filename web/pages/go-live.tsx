import { goLiveWords as words } from "../locales/en/go-live.ts";
import { describedBy, ErrorSummary, Field, FieldError } from "../parts/field.tsx";
import type { Frame } from "../parts/frame.ts";
import { Layout } from "../parts/layout.tsx";
import { Notice } from "../parts/notice.tsx";

export type GoLiveForm = {
  mode: string;
  errors: { mode?: string; to?: string; confirm?: string };
  isMade: boolean;
};

export type GoLivePageProps = {
  frame: Frame;
  /** Where it can go. */
  modes: readonly ("test" | "live")[];
  /** The settings name the database, so the form asks for another one; null where nothing can be made. */
  asksForAddress: boolean | null;
  form: GoLiveForm;
};

/** `GET /desk/settings/go-live`: a new database for another mode, out of what was set up. */
export function GoLivePage({ frame, modes, asksForAddress, form }: GoLivePageProps) {
  return (
    <Layout frame={frame} title={words.title} current="desk">
      <main id="main" class="wrap narrow">
        <p class="over">
          <a href="/desk/settings">{words.over}</a>
        </p>
        <h1>{words.title}</h1>
        <ErrorSummary errors={form.errors} targets={{ mode: "mode", to: "to", confirm: "confirm" }} />
        {form.isMade ? <Notice>{words.made}</Notice> : null}
        <p class="lead">{words.lead}</p>
        <dl class="facts">
          <div>
            <dt>{words.comes}</dt>
            <dd>{words.comesText}</dd>
          </div>
          <div>
            <dt>{words.stays}</dt>
            <dd>{words.staysText}</dd>
          </div>
        </dl>
        {modes.length === 0 ? <p class="notice">{words.nowhere}</p> : null}
        {asksForAddress === null ? <p class="notice">{words.notHere}</p> : null}
        {modes.length > 0 && asksForAddress !== null ? (
          <Form modes={modes} asksForAddress={asksForAddress} form={form} />
        ) : null}
      </main>
    </Layout>
  );
}

type FormProps = { modes: readonly ("test" | "live")[]; asksForAddress: boolean; form: GoLiveForm };

function Form({ modes, asksForAddress, form: { mode, errors } }: FormProps) {
  return (
    <form class="panel" method="post" action="/desk/settings/go-live" novalidate>
      <h2>{words.heading}</h2>
      <fieldset class={errors.mode === undefined ? "choices" : "choices wrong"} id="mode">
        <legend>{words.choose}</legend>
        <FieldError name="mode" error={errors.mode} />
        {modes.map((each) => (
          <label class="choice">
            <input type="radio" name="mode" value={each} checked={mode === each} />
            <span>
              {words.modes[each]}
              <small>{words.hints[each]}</small>
            </span>
          </label>
        ))}
      </fieldset>
      {asksForAddress ? <Addresses error={errors.to} /> : null}
      <p class="small soft">{asksForAddress ? words.given : words.embedded}</p>
      <div class={errors.confirm === undefined ? "choices" : "choices wrong"}>
        <FieldError name="confirm" error={errors.confirm} />
        <label class="choice">
          <input
            type="checkbox"
            id="confirm"
            name="confirm"
            value="yes"
            {...describedBy("confirm", undefined, errors.confirm)}
          />
          <span>{words.confirm}</span>
        </label>
      </div>
      <button class="btn" type="submit">
        {words.button}
      </button>
    </form>
  );
}

/** Addresses carry passwords, so what was typed is not shown again. */
function Addresses({ error }: { error: string | undefined }) {
  return (
    <>
      <Field name="to" label={words.to} hint={words.toHint} error={error}>
        <input
          id="to"
          name="to"
          type="password"
          autocomplete="off"
          maxlength={500}
          {...describedBy("to", words.toHint, error)}
        />
      </Field>
      <Field name="toOwner" label={words.toOwner} hint={words.toOwnerHint} error={undefined}>
        <input
          id="toOwner"
          name="toOwner"
          type="password"
          autocomplete="off"
          maxlength={500}
          {...describedBy("toOwner", words.toOwnerHint, undefined)}
        />
      </Field>
    </>
  );
}
