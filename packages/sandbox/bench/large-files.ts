/**
 * `node packages/sandbox/bench/large-files.ts [megabytes …]`: moves a packaged workbook into the sandbox (in parts of
 * 50 MB), publishes it and downloads it again, and prints how long that takes, and how much memory the sandbox's
 * process takes at most beyond what it had before.
 */
import { measureLargeFile } from "../src/testing/measure.ts";

const sizes = process.argv.slice(2).map(Number);
for (const size of sizes.length === 0 ? [50, 200, 800] : sizes)
  console.log(JSON.stringify(await measureLargeFile(size)));
