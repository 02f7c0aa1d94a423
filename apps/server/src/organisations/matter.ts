import { tableauUsername } from "../credentials/username.ts";
import { easelError } from "../http/errors.ts";
import type { Integration } from "../integrations/integrations.ts";
import type { Project } from "../projects/projects.ts";
import type { Matter } from "../trusts/desk.ts";
import { isTableauAdministrator, organisationOf } from "./claims.ts";

/**
 * The organisation whose administrator this person is, by their user token. Throws `organisation_unnamed`,
 * `organisation_admin_only` and `trust_user_unnamed`.
 */
export function administratorsMatter(person: {
  project: Project;
  integration: Integration;
  claims: Readonly<Record<string, unknown>>;
  userId: string;
  subject: string;
}): Matter {
  const { project, integration, claims } = person;
  const { usernameClaim, organisationClaim } = integration;
  if (!isTableauAdministrator(claims)) throw easelError("organisation_admin_only");
  const organisation = organisationOf(claims, organisationClaim);
  if (organisation === null) throw easelError("organisation_unnamed", { claim: organisationClaim });
  const username = tableauUsername(claims, usernameClaim);
  if (username === null) throw easelError("trust_user_unnamed", { claim: usernameClaim });
  return {
    owner: { projectId: project.id, integrationId: integration.id, organisation },
    integration,
    username,
    by: nameOf(claims, person.subject),
    countedAs: person.userId,
  };
}

/** As the SaaS names them: colleagues are to see who set it up. */
function nameOf({ name, email }: Readonly<Record<string, unknown>>, subject: string): string {
  const named = [name, email].find((claim) => typeof claim === "string" && claim.trim() !== "");
  // PostgreSQL takes no NUL, and a name is one line.
  return (typeof named === "string" ? named : subject).replaceAll(/\p{Cc}/gu, " ").slice(0, 200);
}
