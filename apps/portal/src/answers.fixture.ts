import type { PortalContext, PortalCredential, PortalOrganisation } from "@easel/api/portal";

/** Answers of the server, for the tests beside this file. */

export const pat = {
  id: "pat",
  title: "Personal access token",
  description: "A token of your own.",
  fields: [
    { id: "tokenName", title: "Token name", secret: false },
    { id: "tokenSecret", title: "Token secret", secret: true },
  ],
};
export const password = {
  id: "password",
  title: "User name and password",
  description: "For Tableau Server.",
  fields: [
    { id: "username", title: "User name", secret: false },
    { id: "password", title: "Password", secret: true },
  ],
};
export const connectedApp = { id: "connectedApp", title: "Acme’s keys", description: "Nothing to type.", fields: [] };

export const cloud = { serverUrl: "https://10ax.online.tableau.com", site: "acme" };

export function context(change: Partial<PortalContext> = {}): PortalContext {
  return {
    project: { id: "3f0b6a52-7a0e-4c4c-9a49-0d9b0a6a7b01", name: "Acme", accentColor: null, logoUrl: null },
    integration: { id: "9d0f5d4a-4f6e-4a61-8f0a-1a2b3c4d5e6f", type: "tableau", name: "Tableau", isActive: true },
    consent: ["read projects and workbooks"],
    fixed: null,
    methods: [pat, password],
    trust: null,
    organisation: null,
    credentials: [],
    ...change,
  };
}

/** An organisation whose administrator this person is. */
export function organisation(change: Partial<PortalOrganisation> = {}): PortalOrganisation {
  const issuer = { url: "https://easel.acme.example/issuers/1/2", warning: null };
  return { organisation: "Globex", issuer, trust: null, ...change };
}

export function credential(change: Partial<PortalCredential> = {}): PortalCredential {
  return {
    id: "5b0d3f52-6a42-4f0c-a1c5-6d5e8f3a9b10",
    status: "VALID",
    reason: null,
    warning: null,
    method: "pat",
    ...cloud,
    username: "ana@acme.com",
    createdAt: "2026-11-20T09:12:00.000Z",
    ...change,
  };
}

export function probe(change: { site?: string | null; edition?: "cloud" | "server" } = {}) {
  const edition = change.edition ?? "cloud";
  return {
    serverUrl: cloud.serverUrl,
    site: change.site === undefined ? "acme" : change.site,
    edition,
    productVersion: "2025.3.1",
    apiVersion: "3.27",
    methods: edition === "cloud" ? ["pat"] : ["pat", "password"],
  };
}
