/** The roles that somebody can have on a site (Tableau's schema, siteRoleType). */
export const siteRoles = [
  "Creator",
  "Explorer",
  "ExplorerCanPublish",
  "Guest",
  "ServerAdministrator",
  "SiteAdministratorCreator",
  "SiteAdministratorExplorer",
  "SupportUser",
  "Unlicensed",
  "Viewer",
] as const;

export type SiteRole = (typeof siteRoles)[number];

/** How somebody signs in; also the newer `TableauIDWithMFA`, which Tableau's schema does not know yet. */
export const authSettings = ["OpenID", "SAML", "ServerDefault", "TableauIDWithMFA"] as const;

export type AuthSetting = (typeof authSettings)[number];

/** A person on one site; on another site the same person is another user with another LUID and role. */
export type User = {
  id: string;
  /** On Tableau Cloud the user name is the e-mail address. */
  name: string;
  fullName: string;
  email: string;
  siteRole: SiteRole;
  authSetting: AuthSetting;
  language: string;
  locale: string;
  lastLogin: number | undefined;
};
