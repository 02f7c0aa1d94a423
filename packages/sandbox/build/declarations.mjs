import { cpSync, existsSync, readFileSync, writeFileSync } from "node:fs";
import { dirname, join, relative, resolve } from "node:path";

/**
 * Copies a declaration and those that it leads to, and lets them name each other as plain JavaScript would.
 * @param {string} from the folder of all declarations
 * @param {string} entry
 * @param {string} to
 */
export function copyDeclarations(from, entry, to) {
  /** @type {Set<string>} */
  const copied = new Set();
  const open = [join(from, entry)];
  for (let file = open.pop(); file !== undefined; file = open.pop()) {
    if (copied.has(file)) continue;
    copied.add(file);
    const declared = readFileSync(file, "utf8").replaceAll(/(from |import\()"(\.[^"]*)\.ts"/g, '$1"$2.js"');
    const target = join(to, relative(from, file));
    cpSync(file, target);
    writeFileSync(target, declared);
    for (const [, path = ""] of declared.matchAll(/(?:from |import\()"(\.[^"]*)\.js"/g)) {
      const next = resolve(dirname(file), `${path}.d.ts`);
      if (existsSync(next)) open.push(next);
    }
  }
}
