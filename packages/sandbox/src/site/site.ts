import type { SalesSeed } from "../data/sales.ts";
import { emptyPulse, type Pulse } from "../pulse/model.ts";
import { type Catalog, emptyCatalog } from "../rest/catalog/model.ts";
import type { AuthorizationServer, ConnectedApp } from "../rest/connected-applications/model.ts";
import type { CustomView } from "../rest/custom-views/model.ts";
import type { DataAlert } from "../rest/data-alerts/model.ts";
import { type NotificationPreference, usualPreferences } from "../rest/data-alerts/notifications.ts";
import type { Datasource } from "../rest/datasources/model.ts";
import { type Favorites, noFavorites } from "../rest/favorites/model.ts";
import type { FlowRun } from "../rest/flow-runs/model.ts";
import type { Flow } from "../rest/flows/model.ts";
import type { GroupSet } from "../rest/group-sets/model.ts";
import type { Group } from "../rest/groups/model.ts";
import type { Job } from "../rest/jobs/model.ts";
import { emptyLabels, type Labels } from "../rest/labels/model.ts";
import type { Project } from "../rest/projects/model.ts";
import type { Schedule } from "../rest/schedules/model.ts";
import { type SiteSettings, usualSettings } from "../rest/sites/model.ts";
import type { Subscription } from "../rest/subscriptions/model.ts";
import type { ExtractRefreshTask, FlowTask, LinkedTask } from "../rest/tasks/model.ts";
import type { User } from "../rest/users/model.ts";
import type { View } from "../rest/views/model.ts";
import type { VirtualConnection } from "../rest/virtual-connections/model.ts";
import type { Webhook } from "../rest/webhooks/model.ts";
import type { Workbook } from "../rest/workbooks/model.ts";
import { luidOf } from "./random.ts";

/**
 * What a site holds. Items refer to each other directly; every time is in ms, every id a LUID in lower case. It is
 * plain data, no functions and no classes, so that it can be kept in a file (see state.ts).
 */
export type Site = {
  id: string;
  name: string;
  contentUrl: string;
  createdAt: number;
  settings: SiteSettings;
  /** By client id. */
  connectedApps: Map<string, ConnectedApp>;
  authorizationServers: Map<string, AuthorizationServer>;
  /** What the table behind its data sources is made from. */
  sales: SalesSeed;
  users: Map<string, User>;
  groups: Map<string, Group>;
  groupSets: Map<string, GroupSet>;
  favorites: Favorites;
  projects: Map<string, Project>;
  workbooks: Map<string, Workbook>;
  views: Map<string, View>;
  /** By user id, the ids of views that are not to be recommended; bounded: see recommendations.ts. */
  hiddenRecommendations: Map<string, string[]>;
  /** Bounded: see custom-views/content-routes.ts. */
  customViews: Map<string, CustomView>;
  datasources: Map<string, Datasource>;
  pulse: Pulse;
  flows: Map<string, Flow>;
  /** The external assets behind them. */
  catalog: Catalog;
  labels: Labels;
  virtualConnections: Map<string, VirtualConnection>;
  /** Bounded, oldest out: see flow-runs/run.ts. */
  flowRuns: Map<string, FlowRun>;
  /** Tableau Server's, for all sites: they are with its first one, see schedules/routes.ts. */
  schedules: Map<string, Schedule>;
  extractTasks: Map<string, ExtractRefreshTask>;
  flowTasks: Map<string, FlowTask>;
  linkedTasks: Map<string, LinkedTask>;
  subscriptions: Map<string, Subscription>;
  dataAlerts: Map<string, DataAlert>;
  notificationPreferences: NotificationPreference[];
  /** Bounded, oldest out: see jobs.ts. */
  jobs: Map<string, Job>;
  /** Those of them that something still follows from: see settle.ts. */
  openJobs: Set<Job>;
  webhooks: Map<string, Webhook>;
};

export function emptySite(contentUrl: string, name: string, createdAt: number): Site {
  return {
    id: luidOf("site", contentUrl),
    name,
    contentUrl,
    createdAt,
    settings: usualSettings(),
    connectedApps: new Map(),
    authorizationServers: new Map(),
    sales: { seed: contentUrl, since: "2022-01-01" },
    users: new Map(),
    groups: new Map(),
    groupSets: new Map(),
    favorites: noFavorites(),
    projects: new Map(),
    workbooks: new Map(),
    views: new Map(),
    hiddenRecommendations: new Map(),
    customViews: new Map(),
    datasources: new Map(),
    pulse: emptyPulse(),
    flows: new Map(),
    catalog: emptyCatalog(),
    labels: emptyLabels(),
    virtualConnections: new Map(),
    flowRuns: new Map(),
    schedules: new Map(),
    extractTasks: new Map(),
    flowTasks: new Map(),
    linkedTasks: new Map(),
    subscriptions: new Map(),
    dataAlerts: new Map(),
    notificationPreferences: usualPreferences(),
    jobs: new Map(),
    openJobs: new Set(),
    webhooks: new Map(),
  };
}
