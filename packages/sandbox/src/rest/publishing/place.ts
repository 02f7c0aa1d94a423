import { isRefusal, type Refusal } from "../../wire/refusals.ts";
import type { Project } from "../projects/model.ts";
import type { SessionCall } from "../route.ts";
import type { User } from "../users/model.ts";
import { type Credentials, type CredentialsRequest, readCredentials } from "./credentials.ts";
import { longestName } from "./names.ts";
import { projectToPublishIn } from "./rights.ts";

/** What is asked alike for everything that is published. */
type PlaceRequest = CredentialsRequest & {
  name?: string | undefined;
  project?: { id?: string | undefined } | undefined;
};

/** As what something is published, where, by whom, and who its connections are to sign in as. */
export type Place = { name: string; project: Project; publisher: User; credentials: Credentials[] };

/** Reads that from a request; `badName` is how names that cannot be are refused. */
export function readPlace(call: SessionCall, asked: PlaceRequest, badName: Refusal): Place | Refusal {
  const name = asked.name?.trim() ?? "";
  if (name === "" || name.length > longestName) return badName;
  const credentials = readCredentials(asked);
  if (isRefusal(credentials)) return credentials;
  const project = projectToPublishIn(call, asked.project?.id);
  return isRefusal(project) ? project : { name, project, publisher: call.session.user, credentials };
}
