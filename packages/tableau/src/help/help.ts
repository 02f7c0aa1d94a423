import type { ConnectorHelp } from "@easel/connector/help";
import { jobs } from "./jobs.ts";
import { listOf } from "./lists.ts";
import { normalize, normalizes } from "./normalize.ts";
import { uploads } from "./uploads.ts";

/** What Tableau's lists, answers, jobs and uploads are like. */
export const help: ConnectorHelp = { list: listOf, normalizes, normalize, jobs, uploads };
