/** What a site holds. Items refer to each other directly; every time is in ms, every id a LUID in lower case. */
export type Site = {
  id: string;
  name: string;
  contentUrl: string;
  createdAt: number;
  users: Map<string, User>;
  projects: Map<string, Project>;
  workbooks: Map<string, Workbook>;
  views: Map<string, View>;
  datasources: Map<string, Datasource>;
  /** Bounded, oldest out: see jobs.ts. */
  jobs: Map<string, Job>;
};

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

export type Project = {
  id: string;
  name: string;
  description: string;
  parent: Project | undefined;
  owner: User;
  contentPermissions: "LockedToProject" | "LockedToProjectWithoutNested" | "ManagedByOwner";
  createdAt: number;
  updatedAt: number;
};

export type Workbook = {
  id: string;
  /** The number in the browser's address of a workbook. */
  number: number;
  name: string;
  contentUrl: string;
  description: string;
  project: Project;
  owner: User;
  tags: string[];
  views: View[];
  showTabs: boolean;
  hasExtracts: boolean;
  /** In MB; its content download is exactly this long. */
  size: number;
  createdAt: number;
  updatedAt: number;
};

export type View = {
  id: string;
  name: string;
  viewUrlName: string;
  sheetType: "worksheet" | "dashboard" | "story";
  workbook: Workbook;
  tags: string[];
  totalViewCount: number;
  createdAt: number;
  updatedAt: number;
};

export type Datasource = {
  id: string;
  number: number;
  name: string;
  contentUrl: string;
  description: string;
  type: string;
  project: Project;
  owner: User;
  tags: string[];
  hasExtracts: boolean;
  isCertified: boolean;
  certificationNote: string;
  size: number;
  createdAt: number;
  updatedAt: number;
};

export type JobKind =
  | "refresh"
  | "flow"
  | "subscription"
  | "thumbnails"
  | "publishWorkbook"
  | "publishDatasource"
  | "users";

/** A job is its schedule: its status at any moment follows from the sandbox's clock, see jobs.ts. */
export type Job = {
  id: string;
  kind: JobKind;
  title: string;
  subtitle: string;
  priority: number;
  createdAt: number;
  startsAt: number;
  endsAt: number;
  outcome: "Success" | "Failed" | "Cancelled";
  notes: string;
  target: Workbook | Datasource | undefined;
};
