import { accountWords } from "../locales/en/account.ts";
import { ErrorSummary, type Errors } from "../parts/field.tsx";
import { Input } from "../parts/form-parts.tsx";
import type { Frame } from "../parts/frame.ts";
import { Layout } from "../parts/layout.tsx";
import { Notice } from "../parts/notice.tsx";
import { Qr } from "../parts/qr.tsx";

const words = accountWords.secondFactor;

export type SecondFactorPageProps = {
  frame: Frame;
  email: string;
  isOn: boolean;
  /** Whether the person's role asks for it, so that nothing else opens before and it cannot be turned off. */
  isNeeded: boolean;
  /** Just begun: what the authenticator reads, and the recovery codes, both shown once. */
  begun: { uri: string; recoveryCodes: readonly string[] } | null;
  /** Just renewed. */
  renewed: readonly string[] | null;
  /** The code was wrong: only the last step is shown again. */
  isConfirming: boolean;
  errors: Errors;
};

/** `GET /account/second-factor`. */
export function SecondFactorPage(props: SecondFactorPageProps) {
  const { frame, isOn, isNeeded, errors } = props;
  return (
    <Layout frame={frame} title={words.title} current={null}>
      <main id="main" class="wrap narrow">
        <ErrorSummary
          errors={errors}
          targets={{ password: "password", code: "code", renew: "renew-password", off: "off-password" }}
        />
        <p class="over">
          <a href="/account">{accountWords.title}</a>
        </p>
        <h1>{words.title}</h1>
        {!isOn && isNeeded ? <Notice>{words.mustLead}</Notice> : null}
        {isOn ? <On {...props} /> : <Off {...props} />}
      </main>
    </Layout>
  );
}

function Off({ begun, isConfirming, email, errors }: SecondFactorPageProps) {
  if (begun !== null) return <Begun begun={begun} />;
  if (isConfirming) {
    return (
      <>
        <Confirm errors={errors} />
        <p>
          <a href="/account/second-factor">{words.startAgain}</a>
        </p>
      </>
    );
  }
  return (
    <>
      <p class="lead">{words.beginLead}</p>
      <form class="panel sign-in" method="post" action="/account/second-factor" novalidate>
        <Username email={email} />
        <Input
          name="password"
          label={words.password}
          type="password"
          autocomplete="current-password"
          error={errors["password"]}
        />
        <button class="btn" type="submit">
          {words.start}
        </button>
      </form>
    </>
  );
}

function Begun({ begun: { uri, recoveryCodes } }: { begun: NonNullable<SecondFactorPageProps["begun"]> }) {
  const key = new URL(uri).searchParams.get("secret") ?? "";
  return (
    <>
      <section aria-labelledby="scan-heading">
        <h2 id="scan-heading">{words.scanHeading}</h2>
        <Qr text={uri} label={words.scanAlt} />
        <p>
          {words.byHand} <code class="secret">{key.replace(/.{4}(?=.)/gu, "$& ")}</code>
        </p>
      </section>
      <section aria-labelledby="codes-heading">
        <h2 id="codes-heading">{words.codesHeading}</h2>
        <p>{words.codesLead}</p>
        <Codes codes={recoveryCodes} />
      </section>
      <Confirm errors={{}} />
    </>
  );
}

function Confirm({ errors }: { errors: Errors }) {
  return (
    <form class="panel sign-in" method="post" action="/account/second-factor/confirm" novalidate>
      <h2>{words.confirmHeading}</h2>
      <Input name="code" label={words.code} autocomplete="one-time-code" maxlength={10} error={errors["code"]} />
      <button class="btn" type="submit">
        {words.confirm}
      </button>
    </form>
  );
}

function On({ isNeeded, renewed, email, errors }: SecondFactorPageProps) {
  return (
    <>
      <p class="lead">{words.on}</p>
      {renewed === null ? null : (
        <section class="panel" aria-labelledby="codes-heading">
          <h2 id="codes-heading">{words.renewHeading}</h2>
          <p>{words.codesLead}</p>
          <Codes codes={renewed} />
        </section>
      )}
      <WithPassword
        kind="renew"
        action="/account/second-factor/codes"
        heading={words.renewHeading}
        lead={words.renewLead}
        submit={words.renew}
        email={email}
        error={errors["renew"]}
      />
      {isNeeded ? (
        <p class="soft">{words.mustStay}</p>
      ) : (
        <WithPassword
          kind="off"
          action="/account/second-factor/off"
          heading={words.offHeading}
          lead={words.offLead}
          submit={words.turnOff}
          email={email}
          error={errors["off"]}
        />
      )}
    </>
  );
}

type WithPasswordProps = {
  kind: "renew" | "off";
  action: string;
  heading: string;
  lead: string;
  submit: string;
  email: string;
  error: string | undefined;
};

function WithPassword({ kind, action, heading, lead, submit, email, error }: WithPasswordProps) {
  return (
    <form class="panel sign-in" method="post" action={action} novalidate>
      <h2>{heading}</h2>
      <p>{lead}</p>
      <Username email={email} />
      <Input
        name={`${kind}-password`}
        label={words.password}
        type="password"
        autocomplete="current-password"
        error={error}
      />
      <button class="btn" type="submit">
        {submit}
      </button>
    </form>
  );
}

/** For keepers of passwords, which store one by its name. */
function Username({ email }: { email: string }) {
  return <input type="hidden" name="username" autocomplete="username" value={email} />;
}

function Codes({ codes }: { codes: readonly string[] }) {
  return (
    <ul class="codes">
      {codes.map((code) => (
        <li>
          <code>{code}</code>
        </li>
      ))}
    </ul>
  );
}
