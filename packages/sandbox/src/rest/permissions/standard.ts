import type { Group } from "../groups/model.ts";
import type { User } from "../users/model.ts";
import type { Capability, DefaultKind, Grantee, Mode, Rule, Rules } from "./model.ts";

/** What a project and what is in it allow. */
export type ProjectRules = { permissions: Rules; defaultPermissions: Readonly<Record<DefaultKind, Rules>> };

/** Tableau's templates (Tableau help, "Permission Capabilities and Templates"): each holds the one before. */
type Template = "view" | "explore" | "publish" | "administer";

type Templates = Record<Template, readonly Capability[]>;

const projectTemplates: Templates = {
  view: ["Read"],
  explore: ["Read"],
  publish: ["Read", "Write"],
  administer: ["ProjectLeader", "Read", "Write"],
};

const workbookTemplates = steps({
  view: ["Read", "Filter", "ViewComments", "AddComment", "ExportImage", "ExportData"],
  explore: ["ShareView", "ViewUnderlyingData", "WebAuthoring", "RunExplainData", "ExportXml"],
  publish: ["Write", "ExtractRefresh"],
  administer: ["ChangeHierarchy", "Delete", "ChangePermissions"],
});

const datasourceTemplates = steps({
  view: ["Read", "Connect", "VizqlDataApiAccess"],
  explore: ["ExportXml", "PulseMetricDefine"],
  publish: ["Write", "SaveAs", "ExtractRefresh"],
  administer: ["ChangeHierarchy", "Delete", "ChangePermissions"],
});

const flowTemplates = steps({
  view: ["Read"],
  explore: ["ExportXml"],
  publish: ["Execute", "Write", "WebAuthoringForFlows"],
  administer: ["ChangeHierarchy", "Delete", "ChangePermissions"],
});

const connectionTemplates = steps({
  view: ["Read", "Connect"],
  explore: [],
  publish: ["Write"],
  administer: ["ChangeHierarchy", "Delete", "ChangePermissions"],
});

/** Databases, tables, data roles, and what is retired. */
const otherTemplates = steps({
  view: ["Read"],
  explore: [],
  publish: ["Write"],
  administer: ["ChangeHierarchy", "ChangePermissions"],
});

/** The rules of a project that gives each grantee one template, for the project itself and for all kinds in it. */
export function projectRules(grants: readonly (readonly [Grantee, Template])[]): ProjectRules {
  const by = (templates: Templates): Rules =>
    grants.map(([grantee, template]) => rule(grantee, "Allow", templates[template]));
  const others = by(otherTemplates);
  return {
    permissions: by(projectTemplates),
    defaultPermissions: {
      workbooks: by(workbookTemplates),
      datasources: by(datasourceTemplates),
      flows: by(flowTemplates),
      metrics: others,
      lenses: others,
      dataroles: others,
      databases: others,
      tables: others,
      virtualConnections: by(connectionTemplates),
    },
  };
}

/** Adds one more grantee's rule, e.g. a denial: to a project alone, or also to what is in it. */
export function withRule(rules: ProjectRules, added: Rule, where: "project" | "project and content"): ProjectRules {
  const permissions = [...rules.permissions, added];
  if (where === "project") return { ...rules, permissions };
  const { workbooks, datasources, flows } = rules.defaultPermissions;
  const defaults = {
    workbooks: [...workbooks, added],
    datasources: [...datasources, added],
    flows: [...flows, added],
  };
  return { permissions, defaultPermissions: { ...rules.defaultPermissions, ...defaults } };
}

export function rule(grantee: Grantee, mode: Mode, names: readonly Capability[]): Rule {
  return { grantee, modes: Object.fromEntries(names.map((name) => [name, mode])) };
}

export function toGroup(group: Group): Grantee {
  return { kind: "group", group };
}

export function toUser(user: User): Grantee {
  return { kind: "user", user };
}

function steps({ view, explore, publish, administer }: Templates): Templates {
  return {
    view,
    explore: [...view, ...explore],
    publish: [...view, ...explore, ...publish],
    administer: [...view, ...explore, ...publish, ...administer],
  };
}
