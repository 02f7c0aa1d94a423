import type { Site } from "../site/site.ts";
import type { World } from "../world.ts";
import { type Html, html } from "./html.ts";

/** What every page is drawn from. `at` is the page's path below its site, e.g. `jobs`. */
export type Visit = { world: World; site: Site; now: number; origin: string; query: URLSearchParams };

/** `again`: how often the page is drawn anew while somebody looks at it, in ms. */
export type Page = { section: string; title: string; body: Html; again?: number };

/** A page's address below its site; every part is encoded. */
export function to(site: Site, ...parts: readonly (string | number)[]): string {
  return ["/site", site.contentUrl || "default", ...parts]
    .map((part, index) => (index === 0 ? part : encodeURIComponent(part)))
    .join("/");
}

const sections = [
  ["", "Overview"],
  ["projects", "Content"],
  ["people", "People"],
  ["jobs", "Jobs"],
  ["webhooks", "Webhooks"],
  ["calls", "Calls"],
] as const;

export function layout({ world, site }: Visit, { section, title, body, again = 0 }: Page): string {
  const page = html`<!doctype html>
<html lang="en">
<head>
<meta charset="utf-8">
<meta name="viewport" content="width=device-width, initial-scale=1">
<title>${title === site.name ? title : `${title} · ${site.name}`}</title>
<link rel="icon" href="data:,">
<link rel="stylesheet" href="/__sandbox/face/style.css">
</head>
<body>
<a class="skip" href="#main">Skip to content</a>
<header><div>
<span class="site">Tableau sandbox</span>
<span class="sites">${world.sites.map((one) => html`<a href="${to(one)}"${one === site && html` aria-current="true"`}>${one.name}</a>`)}</span>
<nav aria-label="Site">${sections.map(([path, name]) => html`<a href="${path === "" ? to(site) : to(site, path)}"${path === section && html` aria-current="page"`}>${name}</a>`)}</nav>
</div></header>
<main id="main" data-again="${again}">${body}</main>
<footer>A stand-in for tests and demos. Nobody here is real, and this page asks for no sign-in: keep it on your own machine.</footer>
<script src="/__sandbox/face/script.js"></script>
</body>
</html>`;
  return page.markup;
}
