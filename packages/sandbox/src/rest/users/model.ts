export type SiteRole =
  | "Creator"
  | "Explorer"
  | "ExplorerCanPublish"
  | "SiteAdministratorCreator"
  | "SiteAdministratorExplorer"
  | "Unlicensed"
  | "Viewer";

/** A person on one site; on another site the same person is another user with another LUID and role. */
export type User = {
  id: string;
  /** On Tableau Cloud the user name is the e-mail address. */
  name: string;
  fullName: string;
  siteRole: SiteRole;
  lastLogin: number | undefined;
};
