/**
 * `node packages/sandbox/bench/lists.ts [scale]`: how long list calls take on a large site, as a client sees it. Each line
 * is one list with a filter or a sort: how many items match, then the median and the longest of the calls in ms, and the
 * median of the time they were at work. For the time on one core: `taskset -c 0 node …`.
 */
import { askFor, lists, openLargeSite } from "./large-site.ts";

const scale = Number(process.argv[2] ?? 100);
const started = performance.now();
const site = await openLargeSite(scale);
const seconds = ((performance.now() - started) / 1000).toFixed(1);
console.log(`scale ${scale}: started in ${seconds} s, ${Math.round(process.memoryUsage.rss() / 2 ** 20)} MB`);
for (const who of ["administrator", "viewer"] as const) {
  for (const list of lists) {
    const { available, ...times } = await askFor(site, who, list);
    if (available === undefined) continue;
    const columns = [times.median, times.longest, times.busy].map((time) => time.toFixed(1).padStart(8));
    console.log(`${who.padEnd(14)}${list.padEnd(92)}${available.padStart(7)}${columns.join("")}`);
  }
}
await site.close();
