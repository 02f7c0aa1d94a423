import { easelError } from "../http/errors.ts";
import type { Project } from "../projects/projects.ts";
import type { Integration } from "./integrations.ts";

/** An integration of the project by its id or its type, e.g. `tableau`. Throws `integration_unknown`. */
export function findIntegration(project: Project, idOrType: string): Integration {
  const found = project.integrations.find(
    (integration) => integration.type === idOrType || integration.id === idOrType.toLowerCase(),
  );
  if (found === undefined) throw easelError("integration_unknown", { integration: idOrType.slice(0, 100) });
  return found;
}
