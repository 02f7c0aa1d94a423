import { freePort } from "../testing/free-port.ts";
import { startTestEasel, type TestEasel, type TestProject } from "../testing/test-easel.ts";

/** An Easel that its sandbox can reach, as Tableau reaches an issuer: it knows its own address. */
export async function startReachableEasel(options: Parameters<typeof startTestEasel>[0] = {}): Promise<TestEasel> {
  const environment = { ...options.environment, EASEL_PORT: String(await freePort()) };
  return startTestEasel({ ...options, environment });
}

/** Of the organisation Acme: who may set Tableau up, and who may not. */
export const admin = { org: "acme", "tableau.admin": true, name: "Ana" };
export const colleague = (username: string) => ({ org: "acme", "tableau.username": username });

/** What an administrator sends; the answer's status and body. */
export async function setTrust(project: TestProject, order: object, claims: object = admin) {
  const response = await project.call("ana", "/sdk/organisation/trust", {
    method: "PUT",
    json: order,
    claims: { ...claims },
  });
  return { status: response.status, body: (await response.json()) as Record<string, unknown> };
}

export async function readTrust(project: TestProject, claims: object = admin) {
  const response = await project.call("ana", "/sdk/organisation/trust", { claims: { ...claims } });
  return { status: response.status, body: (await response.json()) as Record<string, unknown> };
}

/** Connects with nothing to type. */
export async function connectByTrust(project: TestProject, user: string, claims: object) {
  const response = await project.call(user, "/sdk/credentials", {
    method: "POST",
    json: { integrationId: project.integrationId, payload: { method: "connectedApp" } },
    claims: { ...claims },
  });
  return { status: response.status, body: (await response.json()) as Record<string, unknown> };
}

export const projectsOf = async (project: TestProject, user: string, claims: object) => {
  const response = await project.call(user, "/sdk/proxy/tableau/projects?pageSize=1", { claims: { ...claims } });
  const { code } = (await response.json()) as { code?: string };
  return `${response.status} ${code ?? ""}`.trim();
};
