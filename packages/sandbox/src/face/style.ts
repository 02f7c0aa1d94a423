/** The face's style sheet: the same quiet character as Easel's pages, light and dark by the system's choice. */
export const style = `
@font-face { font-family: "Inter"; font-weight: 400; src: url("/__sandbox/face/regular.ttf") format("truetype"); font-display: swap; }
@font-face { font-family: "Inter"; font-weight: 600; src: url("/__sandbox/face/semibold.ttf") format("truetype"); font-display: swap; }
:root {
  color-scheme: light dark;
  --ground: light-dark(oklch(0.983 0.003 80), oklch(0.17 0.005 70));
  --surface: light-dark(oklch(1 0 0), oklch(0.215 0.006 70));
  --sunken: light-dark(oklch(0.97 0.004 80), oklch(0.25 0.007 70));
  --line: light-dark(oklch(0.905 0.006 80), oklch(0.325 0.008 70));
  --ink: light-dark(oklch(0.24 0.012 70), oklch(0.945 0.006 80));
  --soft: light-dark(oklch(0.43 0.012 70), oklch(0.8 0.008 80));
  --faint: light-dark(oklch(0.5 0.012 70), oklch(0.7 0.008 80));
  --accent: light-dark(oklch(0.47 0.14 255), oklch(0.78 0.1 255));
  --accent-soft: light-dark(oklch(0.96 0.018 255), oklch(0.29 0.045 255));
  --good: light-dark(oklch(0.46 0.115 152), oklch(0.79 0.14 152));
  --waiting: light-dark(oklch(0.48 0.1 70), oklch(0.82 0.12 80));
  --bad: light-dark(oklch(0.49 0.18 27), oklch(0.79 0.115 25));
}
* { box-sizing: border-box; }
body { margin: 0; background: var(--ground); color: var(--ink); font: 14px/20px "Inter", system-ui, sans-serif; }
a { color: inherit; text-decoration: none; }
a:hover { text-decoration: underline; text-underline-offset: 2px; }
:focus-visible { outline: 2px solid var(--accent); outline-offset: 2px; border-radius: 4px; }
.skip { position: absolute; left: -999px; }
.skip:focus { left: 8px; top: 8px; background: var(--surface); padding: 8px; z-index: 2; }
header { background: var(--surface); border-bottom: 1px solid var(--line); }
header > div, main, footer { max-width: 1168px; margin: 0 auto; padding: 0 24px; }
header > div { display: flex; flex-wrap: wrap; align-items: center; gap: 4px 16px; min-height: 56px; padding-block: 8px; }
.site { font-weight: 600; }
.sites { display: flex; gap: 8px; color: var(--faint); font-size: 13px; }
.sites a[aria-current] { color: var(--ink); font-weight: 600; }
nav { display: flex; flex-wrap: wrap; gap: 4px; margin-left: auto; font-size: 13px; }
nav a { padding: 6px 8px; border-radius: 6px; color: var(--soft); }
nav a[aria-current] { background: var(--accent-soft); color: var(--accent); font-weight: 600; }
main { padding-block: 32px; }
footer { padding-block: 0 32px; color: var(--faint); font-size: 12px; }
h1 { font-size: 20px; line-height: 28px; margin: 0 0 4px; overflow-wrap: anywhere; }
h2 { font-size: 14px; line-height: 20px; margin: 32px 0 12px; }
p { margin: 0; max-width: 88ch; }
.purpose { color: var(--soft); margin-bottom: 24px; }
.faint { color: var(--faint); }
td code { display: block; min-width: 240px; }
.luid { white-space: nowrap; }
.crumbs { color: var(--faint); font-size: 13px; margin-bottom: 8px; }
.numbers { display: grid; grid-template-columns: repeat(8, 1fr); gap: 1px; background: var(--line); border: 1px solid var(--line); border-radius: 8px; overflow: hidden; margin: 0; }
.numbers div { background: var(--surface); padding: 12px 16px; }
.numbers dt { color: var(--faint); font-size: 12px; line-height: 16px; }
.numbers dd { margin: 4px 0 0; font-weight: 600; font-size: 20px; line-height: 28px; font-variant-numeric: tabular-nums; }
h1 + .facts { margin-top: 16px; }
.facts { display: grid; grid-template-columns: max-content 1fr; gap: 4px 24px; margin: 0 0 24px; font-size: 13px; }
.facts dt { color: var(--faint); }
.facts dd { margin: 0; overflow-wrap: anywhere; }
.pictures { display: grid; grid-template-columns: repeat(auto-fill, minmax(220px, 1fr)); gap: 16px; list-style: none; margin: 0; padding: 0; }
.pictures a { display: block; background: var(--surface); border: 1px solid var(--line); border-radius: 8px; overflow: hidden; }
.pictures a:hover { border-color: var(--accent); text-decoration: none; }
.pictures img { display: block; width: 100%; aspect-ratio: 3 / 2; object-fit: cover; object-position: top; background: white; }
.pictures span { display: block; padding: 8px 12px; border-top: 1px solid var(--line); font-size: 13px; }
.pictures small { display: block; color: var(--faint); font-size: 12px; line-height: 16px; }
.picture { display: block; max-width: 100%; height: auto; background: white; border: 1px solid var(--line); border-radius: 8px; }
.table { overflow-x: auto; background: var(--surface); border: 1px solid var(--line); border-radius: 8px; }
table { border-collapse: collapse; width: 100%; font-size: 13px; line-height: 18px; font-variant-numeric: tabular-nums; }
th, td { text-align: left; padding: 10px 16px; border-bottom: 1px solid var(--line); vertical-align: top; }
tr:last-child td { border-bottom: 0; }
th { color: var(--faint); font-weight: 400; font-size: 12px; white-space: nowrap; }
td.number, th.number { text-align: right; }
td.tight { white-space: nowrap; }
code, .mono, pre { font: 12px/18px ui-monospace, "SF Mono", Consolas, monospace; overflow-wrap: anywhere; }
pre { background: var(--sunken); border: 1px solid var(--line); border-radius: 8px; padding: 12px 16px; overflow-x: auto; margin: 0; white-space: pre; }
.state { white-space: nowrap; }
.state::before { content: "\\25CF\\00A0"; }
.state.good { color: var(--good); } .state.waiting { color: var(--waiting); } .state.bad { color: var(--bad); } .state.off { color: var(--faint); }
.tree, .tree ul { list-style: none; margin: 0; padding: 0; }
.tree ul { padding-left: 24px; }
.tree li > div { display: flex; gap: 16px; padding: 8px 16px; border-bottom: 1px solid var(--line); }
.tree li > div small { margin-left: auto; color: var(--faint); white-space: nowrap; }
.tree > li:last-child > div:last-child, .tree > li:last-child > ul > li:last-child > div:last-child { border-bottom: 0; }
.empty { background: var(--surface); border: 1px dashed var(--line); border-radius: 8px; padding: 32px; color: var(--soft); }
.filters a[aria-current] { color: var(--accent); font-weight: 600; }
.empty p + pre { margin-top: 16px; }
.pages { display: flex; gap: 16px; margin-top: 12px; font-size: 13px; color: var(--faint); align-items: center; }
.pages a { color: var(--accent); }
.bars { width: 100%; height: 96px; display: block; }
.bars .good { fill: var(--good); } .bars .bad { fill: var(--bad); } .bars .off { fill: var(--line); } .bars .base { stroke: var(--line); }
.key { display: flex; flex-wrap: wrap; gap: 4px 16px; font-size: 12px; color: var(--faint); margin-top: 8px; }
.key .right { margin-left: auto; }
@media (max-width: 900px) {
  .numbers { grid-template-columns: repeat(4, 1fr); }
}
@media (max-width: 640px) {
  .numbers { grid-template-columns: repeat(2, 1fr); }
  .empty { padding: 16px; }
  header > div, main, footer { padding-inline: 16px; }
  nav { margin-left: -6px; gap: 0; }
  nav a { padding-inline: 6px; }
  th, td { padding: 8px 12px; }
}
`;

/**
 * The face's only script. It takes the addresses that Tableau's answers give to browsers (`webpageUrl`:
 * `/#/site/acme/workbooks/1000/views`) to the page here, and keeps a page that somebody looks at up to date.
 */
export const script = `
const hash = /^#\\/site\\/.+/.exec(location.hash);
if (hash) location.replace(location.hash.slice(1));
const main = document.querySelector("main");
const again = Number(main?.dataset.again ?? 0);
async function refresh() {
  if (document.visibilityState !== "visible") return;
  const answer = await fetch(location.href, { headers: { accept: "text/html" } }).catch(() => undefined);
  if (!answer?.ok) return;
  const page = new DOMParser().parseFromString(await answer.text(), "text/html");
  const fresh = page.querySelector("main");
  if (!fresh || fresh.innerHTML === main.innerHTML || main.contains(document.activeElement)) return;
  main.replaceChildren(...fresh.childNodes);
}
if (again > 0) setInterval(refresh, again);
`;
