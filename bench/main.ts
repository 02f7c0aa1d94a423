import { cpus, loadavg, release, totalmem } from "node:os";
import { parseArgs } from "node:util";
import { runBench } from "./bench.ts";
import { tableOf } from "./report.ts";

/** `npm run bench`: measures Easel side by side with its rivals, and prints tables in Markdown. bench/README.md says how. */

const { values } = parseArgs({
  options: {
    rounds: { type: "string", default: "5" },
    seconds: { type: "string", default: "4" },
    credentials: { type: "string", default: "10000" },
    "warm-up": { type: "string", default: "30000" },
    profile: { type: "string" },
  },
});
const extent = {
  rounds: Number(values.rounds),
  seconds: Number(values.seconds),
  credentials: Number(values.credentials),
  warmUpCalls: Number(values["warm-up"]),
  profile: values.profile ?? null,
};

const { ways, load, results } = await runBench(extent, (what) => console.error(`… ${what}`));
const [cpu] = cpus();
console.log(
  `${cpus().length} × ${cpu?.model.trim()}, ${Math.round(totalmem() / 2 ** 30)} GB, Linux ${release()}, ` +
    `Node.js ${process.version}, ${load}; ${extent.rounds} rounds of ${extent.seconds} s; ` +
    `load of the machine at the end ${loadavg()[0]?.toFixed(1)}.\n`,
);
console.log(tableOf(ways, results));
