import { existsSync, readdirSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { dirname, join, resolve } from "node:path";

/**
 * Keeps of the declarations in a folder the entry and what it leads to, and lets them name each other as plain
 * JavaScript would.
 * @param {string} folder
 * @param {string} entry
 */
export function keptDeclarations(folder, entry) {
  /** @type {Set<string>} */
  const kept = new Set();
  const open = [join(folder, entry)];
  for (let file = open.pop(); file !== undefined; file = open.pop()) {
    if (kept.has(file)) continue;
    kept.add(file);
    const declared = readFileSync(file, "utf8").replaceAll(/(from |import\()"(\.[^"]*)\.ts"/g, '$1"$2.js"');
    writeFileSync(file, declared);
    for (const [, path = ""] of declared.matchAll(/(?:from |import\()"(\.[^"]*)\.js"/g)) {
      const next = resolve(dirname(file), `${path}.d.ts`);
      if (existsSync(next)) open.push(next);
    }
  }
  for (const name of readdirSync(folder, { recursive: true, encoding: "utf8" })) {
    const file = join(folder, name);
    if (name.endsWith(".d.ts") && !kept.has(file)) rmSync(file);
  }
}
