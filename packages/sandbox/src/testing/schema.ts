import { execFile, execFileSync } from "node:child_process";
import { existsSync } from "node:fs";
import { mkdtemp, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join, resolve } from "node:path";

/**
 * Tableau's own schema of the REST API, 3.27. It is not part of this repository: it is looked for beside it, or where
 * EASEL_TABLEAU_XSD says. (It is public: github.com/tableau/rest-api-samples, java11/src/main/xsd/ts-api_3_27.xsd.)
 */
const besideRepository = join(import.meta.dirname, "../../../../../shared/reference/ts-api_3_27.xsd");
const schemaFile = resolve(process.env.EASEL_TABLEAU_XSD ?? besideRepository);

/** Why XML answers cannot be checked here, to skip tests with; undefined where they can. */
export const whyUnchecked: string | undefined = !existsSync(schemaFile)
  ? `Tableau's schema is not at ${schemaFile}`
  : !hasXmllint()
    ? "xmllint (libxml2-utils) is not installed"
    : undefined;

/** An XML answer, and how to name it in a report. */
export type XmlAnswer = { name: string; xml: string };

/** What the schema gets wrong: the part of an answer, what is checked instead of it, and why. */
type Exception = { what: RegExp; instead: string; why: string };

const exceptions: readonly Exception[] = [
  {
    what: /<pagination [^>]*\/>(?=<(?:views|backgroundJobs|dataAlerts|virtualConnections)[ />])/,
    instead: "",
    why: "Clients read these lists' pagination (TSC); the schema knows the lists only without it.",
  },
  {
    what: /<pagination [^>]*\/><(databases|tables)>(.*)<\/\1>/s,
    instead: "$2",
    why: "The schema has these lists' items and not the lists; each item is checked as an answer of its own.",
  },
  {
    what: /<pagination [^>]*\/><columns>.*<\/columns>|<column [^>]*?(?:\/>|>.*<\/column>)/s,
    instead: "<tags/>",
    why: "The schema has no columns, which TSC and the Postman collection read and write.",
  },
  {
    what: /<restApiVersion>3\.27</,
    instead: "<restApiVersion>20253.25.1010.0000<",
    why: "The schema's pattern is that of a build number; every client reads 3.27.",
  },
  {
    what: /<mcpSiteSettings.*<\/mcpSiteSettings>|<mcpSiteSettings[^>]*\/>/s,
    instead: "<tags/>",
    why: "Newer than the schema; the shape is that of tableau-mcp.",
  },
  {
    what: /<flowOutputSteps(?:\/>|>.*?<\/flowOutputSteps>)(?=<flow )/s,
    instead: "",
    why: "Clients read the steps beside the flow (tableau-mcp); the schema has one element to an answer.",
  },
  {
    what: /(<extractRefresh [^>]*>.*?<\/extractRefresh>)<schedule .*?<\/schedule>/s,
    instead: "$1",
    why: "Clients read a Cloud task's schedule beside it (tableau-mcp); the schema has one element to an answer.",
  },
  {
    what: /<flowParameterSpecs\/>/g,
    instead: "<flowParameterSpecs><flowParameterSpec/></flowParameterSpecs>",
    why: "Of a flow without parameters the list of them is empty (TSC's recorded answers); the schema wants one.",
  },
  {
    what: /(?<=<permissions>)<(database|table) [^>]*><owner [^>]*\/><\/\1>/,
    instead: "<project/>",
    why: "A database's owner is shown here (TSC's recorded answers); the schema wants all of a database but that.",
  },
  {
    what: /(?<=<job [^>]*type=")UpdateUploadedFile(?=")/,
    instead: "RefreshExtract",
    why: "The schema lists no such job; TSC's recorded answers to updates of a data source's data have it.",
  },
  {
    what: /(?<=<interval [^>]*hours=")24(?=")/g,
    instead: "12",
    why: "The schema's hours end at 12; TSC's and tableau-mcp's daily schedules say 24.",
  },
];

/** As many documents as fit into one command line. */
const batchSize = 400;

/** What Tableau's schema finds wrong: one line for each mistake, with the answer's name before it. */
export async function problemsOf(answers: readonly XmlAnswer[]): Promise<string[]> {
  const documents = answers.flatMap(({ name, xml }) => documentsOf(xml).map((document) => ({ name, xml: document })));
  const directory = await mkdtemp(join(tmpdir(), "easel-xsd-"));
  try {
    const problems: string[] = [];
    for (let start = 0; start < documents.length; start += batchSize) {
      problems.push(...(await checkBatch(directory, documents.slice(start, start + batchSize))));
    }
    return problems;
  } finally {
    await rm(directory, { recursive: true });
  }
}

async function checkBatch(directory: string, documents: readonly XmlAnswer[]): Promise<string[]> {
  const files = documents.map((_document, index) => join(directory, `${index}.xml`));
  await Promise.all(documents.map(({ xml }, index) => writeFile(files[index] ?? "", xml)));
  const lines = (await xmllint(["--nonet", "--noout", "--schema", schemaFile, ...files])).split("\n");
  const broken = new Set(lines.flatMap((line) => /\/(\d+)\.xml:\d+: parser error/.exec(line)?.[1] ?? []));
  const judged = lines.filter((line) => /\.xml (validates|fails to validate)$/.test(line)).length;
  if (judged + broken.size < files.length) {
    throw new Error(`xmllint judged ${judged} of ${files.length} answers:\n${lines.join("\n")}`);
  }
  return lines.flatMap((line) => {
    const [, file, message = ""] = /\/(\d+)\.xml:\d+: (.*)$/.exec(line) ?? [];
    return file === undefined ? [] : [`${documents[Number(file)]?.name}: ${readable(message)}`];
  });
}

/** What is checked of an answer: itself, but for what the schema gets wrong. */
function documentsOf(xml: string): string[] {
  const [, before = "", content = ""] = /^(.*?<tsResponse [^>]*>)(.*)<\/tsResponse>$/s.exec(xml) ?? [];
  if (content === "") return [xml];
  const checked = exceptions.reduce((left, { what, instead }) => left.replace(what, instead), content);
  const items = checked.match(/<(database|table) [^>]*?(?:\/>|>.*?<\/\1>)/gs);
  const parts = items !== null && items.join("") === checked ? items : [checked];
  return parts.map((part) => `${before}${part}</tsResponse>`);
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
