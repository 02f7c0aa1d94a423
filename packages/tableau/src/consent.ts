import { everything } from "./routes/route-line.ts";

/**
 * What permissions let the product do, as verb phrases for "Acme will be able to: …". Permissions with one verb share
 * a phrase; what has no words of its own is named as it is, never left out.
 *
 * @example consent(["tableau:content:read", "tableau:jobs:read"])
 * // ["read projects, workbooks, views and data sources", "see jobs"]
 */
export function consent(permissions: readonly string[]): readonly string[] {
  if (permissions.includes(everything)) return everythingPhrases;
  const phrases = new Map<string, Set<string>>();
  const add = (verb: string, nouns: readonly string[]) => {
    const known = phrases.get(verb) ?? new Set<string>();
    for (const noun of nouns) known.add(noun);
    phrases.set(verb, known);
  };
  for (const permission of permissions) {
    const { verb, nouns } = phraseOf(permission);
    add(verb, nouns);
  }
  return [...phrases].map(([verb, nouns]) => (nouns.size === 0 ? verb : `${verb} ${listed([...nouns])}`));
}

/** Short, and honest about the rest. */
const everythingPhrases: readonly string[] = [
  "read projects, workbooks, views and data sources",
  "download and query data",
  "publish, change and delete content",
  "run extract refreshes and flows",
  "see jobs, users and groups",
  "everything else that you may do in Tableau",
];

interface Phrase {
  readonly verb: string;
  readonly nouns: readonly string[];
}

function phraseOf(permission: string): Phrase {
  const own = ownPhrases[permission];
  if (own !== undefined) return own;
  const [root = "", resource = "", action = "", ...more] = permission.split(":");
  const verb = verbs[action];
  const nouns = resource === "*" ? ["everything that you can reach in Tableau"] : resourceNouns[resource];
  if (root !== "tableau" || more.length > 0 || verb === undefined || nouns === undefined) {
    return { verb: `use the permission ${permission}`, nouns: [] };
  }
  return { verb: verb === "read" && administrative.has(resource) ? "see" : verb, nouns };
}

function listed(nouns: readonly string[]): string {
  const last = nouns.at(-1) ?? "";
  return nouns.length < 2 ? last : `${nouns.slice(0, -1).join(", ")} and ${last}`;
}

const verbs: Readonly<Record<string, string>> = {
  read: "read",
  create: "create",
  update: "change",
  delete: "delete",
  run: "run",
  download: "download",
  upload: "replace",
  test: "test",
  "*": "manage",
};

/** Where verb and noun of the scope would say too little, or something else. */
const ownPhrases: Readonly<Record<string, Phrase>> = {
  "tableau:content:read": { verb: "read", nouns: ["projects", "workbooks", "views", "data sources"] },
  "tableau:viz_data_service:read": { verb: "query", nouns: ["data sources"] },
  "tableau:views:download": { verb: "download", nouns: ["the data, images and PDFs of views"] },
  "tableau:views:embed": { verb: "show", nouns: ["views"] },
  "tableau:views:embed_authoring": { verb: "let you edit", nouns: ["views"] },
  "tableau:insights:embed": { verb: "show", nouns: ["Pulse insights"] },
  "tableau:tasks:run": { verb: "run", nouns: ["extract refreshes"] },
  "tableau:flow_tasks:run": { verb: "run", nouns: ["flows"] },
  "tableau:workbooks:create": { verb: "publish", nouns: ["workbooks"] },
  "tableau:datasources:create": { verb: "publish", nouns: ["data sources"] },
  "tableau:flows:create": { verb: "publish", nouns: ["flows"] },
  "tableau:virtual_connections:create": { verb: "publish", nouns: ["virtual connections"] },
  "tableau:file_uploads:create": { verb: "upload", nouns: ["files"] },
  "tableau:jobs:update": { verb: "cancel", nouns: ["jobs"] },
  "tableau:flow_runs:update": { verb: "cancel", nouns: ["flow runs"] },
  "tableau:users:create": { verb: "add", nouns: ["users"] },
  "tableau:users:delete": { verb: "remove", nouns: ["users"] },
  "tableau:insight_brief:create": { verb: "generate", nouns: ["briefs on metrics"] },
  "tableau:hyper_data:update": { verb: "change", nouns: ["rows of data sources"] },
  "tableau:sites:switch": { verb: "switch between", nouns: ["sites"] },
  "tableau:tags:batch_create": { verb: "change", nouns: ["tags"] },
  "tableau:tags:batch_delete": { verb: "change", nouns: ["tags"] },
};

/** What one sees rather than reads. */
const administrative: ReadonlySet<string> = new Set([
  "jobs",
  "tasks",
  "linked_tasks",
  "flow_tasks",
  "flow_runs",
  "data_acceleration_tasks",
  "data_acceleration_reports",
  "schedules",
  "users",
  "groups",
  "groupsets",
  "permissions",
  "sites",
  "webhooks",
  "domains",
  "*",
]);

const resourceNouns: Readonly<Record<string, readonly string[]>> = {
  collections: ["collections"],
  column_tags: ["tags"],
  columns: ["columns"],
  connected_app_direct_trust_secrets: ["the secrets of connected apps"],
  connected_apps_direct_trust: ["connected apps"],
  content: ["content"],
  data_acceleration_reports: ["data acceleration reports"],
  data_acceleration_tasks: ["data acceleration tasks"],
  data_driven_alerts: ["data alerts"],
  database_projects: ["where databases belong"],
  database_tags: ["tags"],
  databases: ["databases"],
  datasource_tags: ["tags"],
  datasources: ["data sources"],
  domains: ["directory domains"],
  embedded_credentials: ["the credentials inside workbooks and data sources"],
  embedding_site_settings: ["embedding settings"],
  extensions_server_settings: ["the server's extension settings"],
  extensions_site_settings: ["extension settings"],
  external_authorization_servers: ["authorization servers"],
  extract_encryption: ["the encryption of extracts"],
  extracts: ["extracts"],
  favorites: ["favorites"],
  file_uploads: ["file uploads"],
  flow_connections: ["the connections of flows"],
  flow_runs: ["flow runs"],
  flow_tags: ["tags"],
  flow_tasks: ["flow tasks"],
  flows: ["flows"],
  groups: ["groups"],
  groupsets: ["group sets"],
  hyper_data: ["rows of data sources"],
  insight_definitions: ["metric definitions"],
  insight_definitions_metrics: ["metric definitions"],
  insight_metrics: ["metrics"],
  insights: ["insights"],
  jobs: ["jobs"],
  label_categories: ["label categories"],
  label_values: ["label values"],
  labels: ["labels"],
  linked_tasks: ["linked tasks"],
  mcp_site_settings: ["MCP settings"],
  metric_subscriptions: ["metric subscriptions"],
  mobile_security_site_settings: ["mobile security settings"],
  oauth_credentials: ["saved credentials"],
  permissions: ["permissions"],
  projects: ["projects"],
  recommendation_dismissals: ["hidden recommendations"],
  recommendations: ["recommendations"],
  schedules: ["schedules"],
  server_admin_tokens: ["access tokens of server administrators"],
  sessions: ["sessions"],
  sites: ["sites"],
  subscriptions: ["subscriptions"],
  table_projects: ["where tables belong"],
  table_tags: ["tags"],
  tables: ["tables"],
  tags: ["tags"],
  tasks: ["extract refresh tasks and subscriptions"],
  user_notifications: ["notification settings"],
  users: ["users"],
  view_tags: ["tags"],
  views: ["views"],
  virtual_connection_tags: ["tags"],
  virtual_connections: ["virtual connections"],
  virtualconnectionconnections: ["the database connections of virtual connections"],
  viz_data_service: ["data sources"],
  webhooks: ["webhooks"],
  workbook_downgrade_info: ["version notes of workbooks"],
  workbook_tags: ["tags"],
  workbooks: ["workbooks"],
};
