import type { Child } from "hono/jsx";
import { settingWords as words } from "../locales/en/settings.ts";
import type { Errors } from "../parts/field.tsx";
import type { Frame } from "../parts/frame.ts";
import { Layout } from "../parts/layout.tsx";
import { Notice } from "../parts/notice.tsx";
import { SettingErrors, SettingForm, type Section } from "../parts/setting-form.tsx";
import { SettingList, type SettingRow } from "../parts/setting-list.tsx";

/** Where a page of settings stands: links to what is above it. */
export type Crumb = { href: string; label: string };

export type SettingPageProps = {
  frame: Frame;
  title: string;
  above: readonly Crumb[];
  lead?: string;
  notice: string | null;
  /** Before the heading; only when a form was not taken. */
  errors?: Child;
  failed?: boolean;
  children?: Child;
};

/** Every page of settings: where it is, what it is, and one calm sentence after something was done. */
export function SettingPage({ frame, title, above, lead, notice, errors, failed = false, children }: SettingPageProps) {
  return (
    <Layout frame={frame} title={failed ? words.errorTitle(title) : title} current="desk">
      <main id="main" class="wrap settings">
        {errors}
        {notice === null ? null : <Notice>{notice}</Notice>}
        <nav class="over" aria-label={words.title}>
          {above.map(({ href, label }, index) => (
            <>
              {index === 0 ? null : " / "}
              <a href={href}>{label}</a>
            </>
          ))}
        </nav>
        <h1>{title}</h1>
        {lead === undefined ? null : <p class="lead">{lead}</p>}
        {children}
      </main>
    </Layout>
  );
}

/** A page that is one form. */
export type FormPageProps = Omit<SettingPageProps, "errors" | "failed"> & {
  action: string;
  sections: readonly Section[];
  values: Record<string, string>;
  formErrors: Errors;
  button?: string;
  back: string;
  /** Between the heading and the form. */
  before?: Child;
  /** A mark of what the form shows, by which it is noticed when somebody else saves it meanwhile. */
  opened?: string | undefined;
  /** More questions, inside the form. */
  more?: Child;
  /** What those of `more` are called, for the summary of errors. */
  moreSections?: readonly Section[];
};

export function SettingFormPage({
  action,
  sections,
  values,
  formErrors,
  button = words.save,
  back,
  before,
  opened,
  more,
  moreSections = [],
  children,
  ...page
}: FormPageProps) {
  const failed = Object.values(formErrors).some((error) => error !== undefined);
  return (
    <SettingPage
      {...page}
      failed={failed}
      errors={failed ? <SettingErrors errors={formErrors} sections={[...sections, ...moreSections]} /> : null}
    >
      {before}
      <SettingForm {...{ action, sections, values, button, back, opened }} errors={formErrors}>
        {more}
      </SettingForm>
      {children}
    </SettingPage>
  );
}

/** A page that is one list. */
export type ListPageProps = SettingPageProps & {
  kind: string;
  rows: readonly SettingRow[];
  mayChange: boolean;
  add: Crumb | null;
  empty: string;
};

export function SettingListPage({ kind, rows, mayChange, add, empty, children, ...page }: ListPageProps) {
  return (
    <SettingPage {...page}>
      {rows.length === 0 ? <p class="panel">{empty}</p> : <SettingList kind={kind} rows={rows} mayChange={mayChange} />}
      {add === null ? null : (
        <p class="actions">
          <a class="btn" href={add.href}>
            {add.label}
          </a>
        </p>
      )}
      {children}
    </SettingPage>
  );
}

/** `GET /desk/settings`: what can be set, with how many there are of each. */
export function SettingsPage({
  frame,
  notice,
  rooms,
}: {
  frame: Frame;
  notice: string | null;
  rooms: readonly { href: string; label: string; about: string; counted: string | null }[];
}) {
  return (
    <SettingPage
      frame={frame}
      title={words.title}
      above={[{ href: "/desk", label: words.desk }]}
      lead={words.lead}
      notice={notice}
    >
      <ul class="setting-list rooms" role="list">
        {rooms.map(({ href, label, about, counted }) => (
          <li>
            <div>
              <h2 class="setting-name">
                <a href={href}>{label}</a>
              </h2>
              <p class="small soft">{about}</p>
            </div>
            {counted === null ? null : <p class="small soft num">{counted}</p>}
          </li>
        ))}
      </ul>
    </SettingPage>
  );
}
