import { readFile, writeFile } from "node:fs/promises";
import { join } from "node:path";
import { generated, ROOT } from "./generated.ts";

/** `node apps/server/src/docs/cli.ts`: brings the generated pages in line with the code. */
for (const { path, make } of generated) {
  const file = join(ROOT, path);
  await writeFile(file, make(await readFile(file, "utf8")));
}
