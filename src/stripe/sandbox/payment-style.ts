/**
 * The payment page's own looks: it stands for another company's page, so it takes nothing from ours. System fonts, light
 * and dark, one column on a phone.
 */
export const paymentStyle = `
:root {
  color-scheme: light dark;
  --paper: #f6f8fa; --card: #ffffff; --ink: #1a1f36; --soft: #545b6f; --line: #d5dae3; --field: #7d8699;
  --button: #3d3acf; --button-ink: #ffffff; --link: #3d3acf;
  --banner: #ffe8a3; --banner-ink: #4a3500; --problem: #a4161a; --problem-paper: #fdecec;
}
@media (prefers-color-scheme: dark) {
  :root {
    --paper: #11141c; --card: #1a1f2b; --ink: #eef1f7; --soft: #aab2c5; --line: #333b4d; --field: #8791a8;
    --button: #a5a3ff; --button-ink: #14132e; --link: #b3b1ff;
    --banner: #4a3a00; --banner-ink: #ffe8a3; --problem: #ffb3b0; --problem-paper: #3b1717;
  }
}
* { box-sizing: border-box; }
body {
  margin: 0; background: var(--paper); color: var(--ink);
  overflow-wrap: break-word;
  font: 1rem/1.5 system-ui, -apple-system, "Segoe UI", Roboto, "Helvetica Neue", sans-serif;
}
.banner p { margin: 0; }
.banner { padding: .75rem 1.25rem; background: var(--banner); color: var(--banner-ink); text-align: center; }
main {
  max-width: 60rem; margin: 0 auto; padding: 2rem 1.25rem 4rem;
  display: grid; grid-template-columns: minmax(0, 1fr); gap: 2rem;
}
main.notice { max-width: 36rem; }
@media (min-width: 52rem) { main:not(.notice) { grid-template-columns: 5fr 6fr; gap: 4rem; padding-top: 4rem; } }
h1 { font-size: 1.125rem; font-weight: 500; color: var(--soft); margin: 0; }
.notice h1 { font-size: 1.5rem; font-weight: 650; color: var(--ink); }
a { color: var(--link); text-underline-offset: .15em; }
small { color: var(--soft); font-size: .875em; }
.total { margin: .25rem 0 1.5rem; font-size: 2.5rem; line-height: 1.1; font-weight: 650; font-variant-numeric: tabular-nums; }
.lines { list-style: none; margin: 0; padding: 0; }
.lines li { display: flex; justify-content: space-between; gap: 1rem; padding: .75rem 0; border-top: 1px solid var(--line); }
.lines li span:first-child { overflow-wrap: anywhere; }
.lines li:not(.sum) small { display: block; }
.lines .money { white-space: nowrap; font-variant-numeric: tabular-nums; text-align: right; }
.sum { font-weight: 650; }
.form { background: var(--card); border: 1px solid var(--line); border-radius: .75rem; padding: 1.5rem; align-self: start; }
.field { margin: 0 0 1rem; }
.field label, legend { display: block; font-weight: 550; margin-bottom: .25rem; padding: 0; }
input:not([type=radio]), select {
  width: 100%; min-height: 2.75rem; padding: .5rem .75rem; font: inherit; color: inherit;
  background: var(--card); border: 1px solid var(--field); border-radius: .4rem;
}
input[aria-invalid] { border: 2px solid var(--problem); }
fieldset:has(.field) > legend { font-size: 1.125rem; margin: .5rem 0 .75rem; }
fieldset { border: 0; margin: 0 0 1rem; padding: 0; min-width: 0; }
.choice { display: flex; align-items: center; gap: .75rem; min-height: 2.75rem; padding: .25rem .75rem; border: 1px solid var(--line); }
.choice:first-of-type { border-radius: .4rem .4rem 0 0; }
.choice:last-of-type { border-radius: 0 0 .4rem .4rem; }
.choice + .choice { border-top: 0; }
summary { min-height: 2.75rem; padding: .6rem 0; cursor: pointer; color: var(--soft); }
.choice input { width: 1.15rem; height: 1.15rem; margin: 0; flex: none; accent-color: var(--button); }
button {
  width: 100%; min-height: 3rem; margin-top: .5rem; font: inherit; font-weight: 600; cursor: pointer;
  color: var(--button-ink); background: var(--button); border: 0; border-radius: .4rem;
}
:focus-visible { outline: 3px solid var(--link); outline-offset: 2px; }
.problem { background: var(--problem-paper); color: var(--problem); border-radius: .4rem; padding: .75rem 1rem; margin: 0 0 1rem; }
.problem p, .problem ul { margin: 0; }
.problem a { color: inherit; }
.hint { display: block; color: var(--problem); margin-top: .25rem; }
.back { margin: 1.25rem 0 0; text-align: center; }
@media (forced-colors: active) { button { border: 1px solid; } }
`.trimStart();
