import * as z from "zod";
import type { Site } from "../../site/site.ts";
import { isRefusal, type Refusal, refuse } from "../../wire/refusals.ts";
import { attribute, element, read, repeated } from "../../wire/request-schema.ts";
import type { ConnectedApp } from "./model.ts";

const appSchema = element({
  connectedApplication: element({
    name: attribute.optional(),
    enabled: attribute.optional(),
    /** Up to API 3.21 there was one project; then several. */
    projectId: attribute.optional(),
    projectIds: element({ projectId: repeated(z.union([attribute, element({ value: attribute })]), 500) }).optional(),
    domainSafelist: attribute.optional(),
    unrestrictedEmbedding: attribute.optional(),
  }),
});

type Sent = Partial<Pick<ConnectedApp, "name" | "enabled" | "projectIds" | "domainSafelist" | "unrestrictedEmbedding">>;

/** What a request says of a connected app: only what is in it. */
export function readApp(site: Site, content: unknown): Sent | Refusal {
  const request = read(appSchema, content);
  if (isRefusal(request)) return request;
  const { name, domainSafelist, ...app } = request.connectedApplication;
  const sent: Sent = {};
  if (name !== undefined) {
    if (name.trim() === "" || name.length > 255) return refuse("400003", "A connected app must have a name.");
    sent.name = name;
  }
  for (const flag of ["enabled", "unrestrictedEmbedding"] as const) {
    const written = app[flag]?.toLowerCase();
    if (written === undefined) continue;
    if (written !== "true" && written !== "false") return refuse("400003", `${flag} must be true or false.`);
    sent[flag] = written === "true";
  }
  if (domainSafelist !== undefined) {
    if (!isSafelist(domainSafelist)) return refuse("400003", "The domain safelist holds invalid characters. (133)");
    sent.domainSafelist = domainSafelist.trim();
  }
  const several = app.projectIds?.projectId.map((one) => (typeof one === "string" ? one : one.value));
  const projectIds = several ?? (app.projectId === undefined ? undefined : [app.projectId].filter((id) => id !== ""));
  if (projectIds === undefined) return sent;
  const unknown = projectIds.find((id) => !site.projects.has(id.toLowerCase()));
  if (unknown !== undefined) return refuse("404005", `There is no project '${unknown}'.`);
  return { ...sent, projectIds: projectIds.map((id) => id.toLowerCase()) };
}

/** Domains by spaces or commas; each may begin with a scheme, and with `*.`, and end with a port. */
function isSafelist(written: string): boolean {
  const domains = written.split(/[\s,]+/).filter((one) => one !== "");
  return (
    domains.length <= 1000 &&
    domains.every((one) => /^(https?:\/\/)?(\*\.)?[a-z0-9.-]{1,253}(:\d{1,5})?\/?$/i.test(one))
  );
}
