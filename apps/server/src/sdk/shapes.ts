import type { Connector, Field, SignInMethod } from "@easel/connector";
import type { Credential } from "../credentials/credentials.ts";
import { isOffered } from "../credentials/target.ts";
import type { Caller } from "../http/caller.ts";
import type { Integration } from "../integrations/integrations.ts";
import type { Project } from "../projects/projects.ts";

/**
 * The shapes that `@useparagon/connect` 2.4.0 reads. Which fields it needs was found by running the package
 * (reference: paragon-connect-contract.md, §1.5 to §1.7 and §1.12).
 */

/** Features that Paragon sells; the SDK refuses headless calls without `headless-cp`. Easel has one edition. */
const FEATURES = [
  "headless-cp",
  "dfm",
  "byo",
  "th-api",
  "monitoring",
  "rbac",
  "user-metadata",
  "whitelabel",
  "workflow-permissions",
];

/** `GET /sdk/me`. */
export function meShape({ project, token, wallet }: Caller, connector: Connector) {
  const integrations = project.integrations.filter((integration) => integration.isActive);
  return {
    authenticated: true,
    userId: token.subject,
    meta: wallet.user.meta,
    resources: [],
    project: { id: project.id, title: project.name, billingPlan: "easel", accessibleFeatures: FEATURES },
    integrations: Object.fromEntries(
      integrations.map((integration) => {
        const mine = wallet.credentials.filter((credential) => credential.integrationId === integration.id);
        return [integration.type, integrationState(project, mine, wallet.user.id, connector)];
      }),
    ),
  };
}

function integrationState(project: Project, credentials: readonly Credential[], userId: string, connector: Connector) {
  const shapes = credentials.map((credential) => credentialShape(project.id, userId, credential, connector));
  const first = shapes.find((shape) => shape.status === "VALID") ?? shapes[0];
  const configuration = first?.configurations[0];
  if (first === undefined || configuration === undefined) return { enabled: false, allCredentials: [] };
  return {
    enabled: first.status === "VALID",
    credentialId: first.id,
    credentialStatus: first.status,
    providerId: first.providerId,
    providerData: first.providerData,
    sharedSettings: configuration.sharedSettings,
    workflowSettings: configuration.workflowSettings,
    configuredWorkflows: configuration.workflowSettings,
    configMeta: configuration.configMeta,
    credentialConfigId: configuration.id,
    ...(first.externalId === undefined ? {} : { externalId: first.externalId }),
    allCredentials: shapes,
  };
}

/** A credential: its id and its configuration's are UUIDs of version 4, which the SDK insists on. */
export function credentialShape(projectId: string, userId: string, credential: Credential, connector: Connector) {
  const created = credential.createdAt.toISOString();
  const updated = credential.updatedAt.toISOString();
  const { sharedSettings = {}, workflowSettings = {} } = credential.config;
  return {
    id: credential.id,
    projectId,
    integrationId: credential.integrationId,
    personaId: userId,
    providerId: credential.tableauUserId,
    providerData: {
      serverUrl: credential.serverUrl,
      site: credential.site,
      method: credential.method,
      username: credential.username,
    },
    type: connector.type,
    status: credential.state.kind === "invalid" ? ("INVALID" as const) : ("VALID" as const),
    ...(credential.state.kind === "invalid" ? { invalidReason: credential.state.reason } : {}),
    isPreviewCredential: false,
    dateCreated: created,
    dateUpdated: updated,
    dateRefreshed: updated,
    refreshFailureCount: credential.state.kind === "valid" ? 0 : 1,
    ...(credential.externalId === null ? {} : { externalId: credential.externalId }),
    configurations: [
      {
        id: credential.configurationId,
        connectCredentialId: credential.id,
        isDefault: true,
        workflowSettings,
        sharedSettings,
        configMeta: {},
        dateCreated: created,
        dateUpdated: updated,
      },
    ],
  };
}

/** An item of `GET /sdk/integrations`. */
export function integrationShape(integration: Integration, connector: Connector, hasCredential: boolean) {
  const methods = connector.methods.filter((method) => isOffered(integration, method));
  const accountTypes = methods.map((method) => accountType(method, integration));
  return {
    id: integration.id,
    type: integration.type,
    name: connector.name,
    brandColor: connector.brandColor,
    isActive: integration.isActive,
    // Tableau has no page to be sent to: what a person fills in is the sign-in.
    needPreOauthInputs: true,
    authenticationType: "basic",
    hasCredential,
    connectedUserLimitOnDevCred: 0,
    connectedUserLimitReached: false,
    noPermissionWorkflows: [],
    configs: [
      {
        values: {
          description: integration.description,
          overview: "",
          accentColor: connector.brandColor,
          paragonLink: false,
          sharedMeta: { inputs: [] },
          workflowMeta: {},
        },
      },
    ],
    workflows: [],
    sdkIntegrationConfig: {
      oauthInputs: [],
      accountTypes,
      authConfigInputs: accountTypes[0]?.endUserSuppliedValues ?? [],
      postOauthInputs: [],
      dataSources: {},
    },
  };
}

/**
 * One account type a sign-in method, with its fields. None may be empty, or InstallFlow takes the method for done and
 * never connects: a trust, which needs nothing typed, offers the address as an optional field.
 */
function accountType(method: SignInMethod, integration: Integration) {
  const address = {
    id: "serverUrl",
    title: "Tableau address",
    type: "TEXT_NO_VARS",
    placeholder: "https://10ax.online.tableau.com",
  };
  const site = {
    id: "site",
    title: "Site",
    type: "TEXT_NO_VARS",
    required: false,
    subtitle: "The site's name as it stands in its address",
  };
  const where = [
    ...(integration.serverUrl === null ? [{ ...address, required: true }] : []),
    ...(integration.site === null ? [site] : []),
  ];
  const inputs = method.usesTrust
    ? [{ ...address, required: false, subtitle: "Leave blank: the address is known" }]
    : [...where, ...method.fields.map(input)];
  return { id: method.id, scheme: "basic", accountDescription: method.title, endUserSuppliedValues: inputs };
}

function input(field: Field) {
  return {
    id: field.id,
    title: field.title,
    type: field.secret ? "PASSWORD" : "TEXT_NO_VARS",
    required: true,
    ...(field.placeholder === undefined ? {} : { placeholder: field.placeholder }),
    ...(field.help === undefined ? {} : { subtitle: field.help }),
  };
}
