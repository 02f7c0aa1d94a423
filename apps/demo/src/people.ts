import type { Person } from "./contract.ts";
import type { SandboxUser } from "./demo-file.ts";

/** Site roles as people say them. Tableau REST reference, "siteRole". */
const roleWords: Record<string, string> = {
  SiteAdministratorCreator: "Site administrator, Creator",
  SiteAdministratorExplorer: "Site administrator, Explorer",
  ExplorerCanPublish: "Explorer, can publish",
  ServerAdministrator: "Server administrator",
  ReadOnly: "Read only",
};

/** A sandbox user as a person who works with Acme. The e-mail is the user's name where that is one. */
export function personOf(user: Pick<SandboxUser, "name" | "role">): Person {
  const [local = user.name] = user.name.split("@");
  return {
    id: user.name,
    name: local
      .split(/[._-]+/)
      .filter((word) => word !== "")
      .map((word) => word[0]?.toUpperCase() + word.slice(1))
      .join(" "),
    email: user.name.includes("@") ? user.name : `${local}@acme.example`,
    role: roleWords[user.role] ?? user.role,
  };
}
