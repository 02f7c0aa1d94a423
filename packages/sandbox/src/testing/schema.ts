import { execFile, execFileSync } from "node:child_process";
import { existsSync } from "node:fs";
import { mkdtemp, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join, resolve } from "node:path";

/**
 * Tableau's own schema of the REST API, 3.27. It is not part of this repository: it is looked for beside it, or where
 * EASEL_TABLEAU_XSD says. (It is public: github.com/tableau/rest-api-samples, java11/src/main/xsd/ts-api_3_27.xsd.)
 */
const schemaFile = resolve(
  process.env.EASEL_TABLEAU_XSD ?? join(import.meta.dirname, "../../../../../shared/reference/ts-api_3_27.xsd"),
);

/** Why XML answers cannot be checked here, to skip tests with; undefined where they can. */
export const whyUnchecked: string | undefined = !existsSync(schemaFile)
  ? `Tableau's schema is not at ${schemaFile}`
  : !hasXmllint()
    ? "xmllint (libxml2-utils) is not installed"
    : undefined;

/** An XML answer, and how to name it in a report. */
export type XmlAnswer = { name: string; xml: string };

/** Lists with `<pagination>` that the schema knows only without it: its paged group leaves them out. */
const pagedBeyondSchema = ["views", "backgroundJobs", "dataAlerts", "databases", "tables"];

/** As many documents as fit into one command line. */
const batchSize = 400;

/** What Tableau's schema finds wrong: one line for each mistake, with the answer's name before it. */
export async function problemsOf(answers: readonly XmlAnswer[]): Promise<string[]> {
  const directory = await mkdtemp(join(tmpdir(), "easel-xsd-"));
  try {
    const problems: string[] = [];
    for (let start = 0; start < answers.length; start += batchSize) {
      problems.push(...(await checkBatch(directory, answers.slice(start, start + batchSize))));
    }
    return problems;
  } finally {
    await rm(directory, { recursive: true });
  }
}

async function checkBatch(directory: string, answers: readonly XmlAnswer[]): Promise<string[]> {
  const files = answers.map((_answer, index) => join(directory, `${index}.xml`));
  await Promise.all(answers.map(({ xml }, index) => writeFile(files[index] ?? "", forSchema(xml))));
  const output = await xmllint(["--nonet", "--noout", "--schema", schemaFile, ...files]);
  const problems = output.split("\n").flatMap((line) => {
    const [, file, message = ""] = /\/(\d+)\.xml:\d+: (.*)$/.exec(line) ?? [];
    return file === undefined ? [] : [`${answers[Number(file)]?.name}: ${readable(message)}`];
  });
  const judged = output.split("\n").filter((line) => /\.xml (validates|fails to validate)$/.test(line)).length;
  if (judged < answers.length) throw new Error(`xmllint judged ${judged} of ${answers.length} answers:\n${output}`);
  return problems;
}

function forSchema(xml: string): string {
  const paged = new RegExp(`<pagination [^>]*/>(?=<(?:${pagedBeyondSchema.join("|")})[ />])`);
  return xml.replace(paged, "");
}

function readable(message: string): string {
  return message
    .replaceAll("{http://tableau.com/api}", "")
    .replace(/^element \w+: Schemas (validity|parser) error : /, "");
}

function xmllint(parameters: string[]): Promise<string> {
  return new Promise((resolve, reject) => {
    execFile("xmllint", parameters, { maxBuffer: 64 * 1024 * 1024 }, (error, stdout, stderr) => {
      // 3: something is invalid, 1: something is no XML; both are told line by line.
      if (error === null || error.code === 3 || error.code === 1) resolve(stdout + stderr);
      else reject(error);
    });
  });
}

function hasXmllint(): boolean {
  try {
    execFileSync("xmllint", ["--version"], { stdio: "ignore" });
    return true;
  } catch {
    return false;
  }
}
