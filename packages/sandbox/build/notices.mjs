import { existsSync, readdirSync, readFileSync } from "node:fs";
import { dirname, join } from "node:path";

/** @typedef {{ name: string; version: string; license: string; homepage: string; texts: string[] }} Notice */

/**
 * The licences of everything that others wrote and that is in the package.
 * @param {readonly string[]} files files of theirs that went into it
 */
export function notices(files) {
  /** @type {Map<string, Notice>} */
  const packages = new Map();
  for (const file of files) {
    const folder = packageOf(file);
    if (!packages.has(folder)) packages.set(folder, noticeOf(folder));
  }
  const byName = [...packages.values()].sort((one, other) => (one.name < other.name ? -1 : 1));
  const lines = [
    "# Notices",
    "",
    "This package contains the following works of others, each under its own licence.",
    "",
  ];
  for (const { name, version, license, homepage, texts } of byName) {
    lines.push(`## ${name} ${version}`, "", `Licence: ${license}${homepage === "" ? "" : `. Source: ${homepage}`}`, "");
    for (const text of texts) lines.push("```", text.trim().replaceAll("```", "'''"), "```", "");
  }
  return lines.join("\n");
}

/**
 * The nearest folder above a file whose package.json has a name and a version, and is not private: those are parts of
 * the package around them.
 * @param {string} file
 */
function packageOf(file) {
  for (let folder = dirname(file); folder !== dirname(folder); folder = dirname(folder)) {
    const manifest = join(folder, "package.json");
    if (!existsSync(manifest)) continue;
    const { name, version, private: isPart } = JSON.parse(readFileSync(manifest, "utf8"));
    if (name !== undefined && version !== undefined && !isPart) return folder;
  }
  throw new Error(`${file} belongs to no package.`);
}

/** @param {string} folder @returns {Notice} */
function noticeOf(folder) {
  const manifest = JSON.parse(readFileSync(join(folder, "package.json"), "utf8"));
  const texts = readdirSync(folder, { withFileTypes: true })
    .filter((entry) => entry.isFile() && /^(licen[cs]e|copying|notice)/i.test(entry.name))
    .map((entry) => readFileSync(join(folder, entry.name), "utf8"));
  const license = typeof manifest.license === "string" ? manifest.license : manifest.license?.type;
  if (license === undefined && texts.length === 0) throw new Error(`${manifest.name} says nothing of its licence.`);
  const { repository } = manifest;
  const source = typeof repository === "string" ? repository : repository?.url;
  return {
    name: manifest.name,
    version: manifest.version,
    license: license ?? "see below",
    homepage: String(manifest.homepage ?? source ?? "").replace(/^git\+/, ""),
    texts,
  };
}
