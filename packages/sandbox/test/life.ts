import * as z from "zod";
import type { Edition } from "../src/edition.ts";
import type { SignedIn } from "../src/testing/client.ts";
import { contentOfXml } from "../src/testing/facts.ts";
import type { XmlAnswer } from "../src/testing/schema.ts";

export type Life = {
  /** Every XML answer so far. */
  answers: XmlAnswer[];
  /** Ids of what was made and no list shows, by the part of a template before them. */
  known: Record<string, string[]>;
  /** Deletes what is left. */
  end: () => Promise<void>;
};

type Writing = ReturnType<typeof writer>;

/** Creates and changes something of every family of the REST API, in XML, and deletes some. Throws when one is refused. */
export async function live(session: SignedIn, edition: Edition): Promise<Life> {
  const writing = writer(session);
  const known: Life["known"] = {};
  const project = await liveOfProject(writing);
  const user = await liveOfPeople(writing);
  await liveOfPermissions(writing, project, user);
  const workbook = await liveOfWorkbook(writing, project);
  const datasource = await liveOfDatasource(writing, project);
  await liveOfFlow(writing, project);
  await liveOfWork(writing, edition, { workbook, datasource, user: session.user.id });
  await liveOfCatalog(writing, datasource, known);
  await liveOfSite(writing, known);
  await liveOfFavorites(writing, session.user.id, { workbook, project });
  async function end(): Promise<void> {
    const left = [`/workbooks/${workbook}`, `/datasources/${datasource}`, `/users/${user}`, `/projects/${project}`];
    for (const path of left) await writing.write("DELETE", path);
  }
  return { answers: writing.answers, known, end };
}

const record = z.record(z.string(), z.unknown());

function writer(session: SignedIn) {
  const answers: XmlAnswer[] = [];

  async function send(method: string, path: string, body: string | FormData | undefined, type: string) {
    const headers = { accept: "application/xml", ...(type === "" ? {} : { "content-type": type }) };
    const answer = await session.onSite(path, { method, headers, ...(body === undefined ? {} : { body }) });
    const xml = await answer.text();
    if (!answer.ok) throw new Error(`${method} ${path} was answered ${answer.status}: ${xml}`);
    if (xml === "") return {};
    answers.push({ name: `${method} ${path.replaceAll(/[0-9a-f]{8}-[0-9a-f-]{27}/g, "{id}")}`, xml });
    return contentOfXml(xml);
  }

  return {
    answers,
    /** Sends what stands inside a tsRequest, and returns what the answer says. */
    write: (method: string, path: string, content?: string) =>
      send(method, path, content === undefined ? undefined : `<tsRequest>${content}</tsRequest>`, "text/xml"),
    /** Sends a file beside what stands inside a tsRequest. */
    publish: (path: string, content: string, file: { part: string; name: string; text: string }) =>
      send("POST", path, multipart(content, file), "multipart/mixed; boundary=b"),
    read: (path: string) => send("GET", path, undefined, ""),
    /** The id of what an answer holds under a name; of several, the first's. */
    id(content: Record<string, unknown>, ...names: string[]): string {
      let found: unknown = content;
      for (const name of names) {
        found = record.parse(Array.isArray(found) ? found[0] : found)[name];
      }
      return z.object({ id: z.string() }).parse(Array.isArray(found) ? found[0] : found).id;
    },
  };
}

function multipart(content: string, { part, name, text }: { part: string; name: string; text: string }): string {
  return [
    "--b",
    'Content-Disposition: name="request_payload"',
    "Content-Type: text/xml",
    "",
    `<tsRequest>${content}</tsRequest>`,
    "--b",
    `Content-Disposition: name="${part}"; filename="${name}"`,
    "Content-Type: application/octet-stream",
    "",
    text,
    "--b--",
    "",
  ].join("\r\n");
}

async function liveOfProject({ write, id }: Writing): Promise<string> {
  const project = id(await write("POST", "/projects", '<project name="A life" description="of writes"/>'), "project");
  await write("POST", "/projects", `<project name="Inside" parentProjectId="${project}"/>`);
  await write(
    "PUT",
    `/projects/${project}`,
    '<project name="A life &amp; more" contentPermissions="LockedToProject"/>',
  );
  await write("PUT", `/projects/${project}`, '<project contentPermissions="ManagedByOwner"/>');
  return project;
}

async function liveOfPeople({ write, id }: Writing): Promise<string> {
  const user = id(await write("POST", "/users", '<user name="life@acme.example" siteRole="Creator"/>'), "user");
  await write("PUT", `/users/${user}`, '<user siteRole="ExplorerCanPublish"/>');
  const group = id(await write("POST", "/groups", '<group name="Life" minimumSiteRole="Viewer"/>'), "group");
  await write("PUT", `/groups/${group}`, '<group name="Lives"/>');
  await write("POST", `/groups/${group}/users`, `<user id="${user}"/>`);
  const set = id(await write("POST", "/groupsets", '<groupSet name="Sets"/>'), "groupSet");
  await write("PUT", `/groupsets/${set}/groups/${group}`);
  await write("PUT", `/groupsets/${set}`, '<groupSet name="Other sets"/>');
  await write("DELETE", `/groupsets/${set}/groups/${group}`);
  await write("DELETE", `/groupsets/${set}`);
  await write("DELETE", `/groups/${group}/users/${user}`);
  await write("DELETE", `/groups/${group}`);
  return user;
}

async function liveOfPermissions({ write }: Writing, project: string, user: string): Promise<void> {
  const rules = (capability: string) =>
    `<permissions><granteeCapabilities><user id="${user}"/><capabilities>` +
    `<capability name="${capability}" mode="Allow"/></capabilities></granteeCapabilities></permissions>`;
  await write("PUT", `/projects/${project}/permissions`, rules("Write"));
  await write("DELETE", `/projects/${project}/permissions/users/${user}/Write/Allow`);
  for (const content of ["workbooks", "datasources", "flows"]) {
    await write("PUT", `/projects/${project}/default-permissions/${content}`, rules("Read"));
    await write("DELETE", `/projects/${project}/default-permissions/${content}/users/${user}/Read/Allow`);
  }
}

const workbookFile = `<?xml version='1.0' encoding='utf-8'?>
<workbook version='18.1'>
  <datasources><datasource caption='Orders' name='federated.1'><connection class='federated'><named-connections>
    <named-connection caption='db' name='postgres.1'>
      <connection class='postgres' dbname='sales' server='db.example.com' port='5432' username='reader'/>
    </named-connection>
  </named-connections></connection></datasource></datasources>
  <worksheets><worksheet name='By Region'><table/></worksheet></worksheets>
  <dashboards><dashboard name='Overview'><zones><zone id='1' name='By Region'/></zones></dashboard></dashboards>
</workbook>`;

async function liveOfWorkbook({ write, publish, read, id }: Writing, project: string): Promise<string> {
  const file = { part: "tableau_workbook", name: "life.twb", text: workbookFile };
  const content = `<workbook name="Life"><project id="${project}"/></workbook>`;
  const workbook = id(await publish("/workbooks?overwrite=true", content, file), "workbook");
  await publish("/workbooks?overwrite=true&asJob=true", content, file);
  await write("PUT", `/workbooks/${workbook}`, '<workbook name="Life &amp; more" showTabs="true"/>');
  const connection = id(await read(`/workbooks/${workbook}/connections`), "connections", "connection");
  await write("PUT", `/workbooks/${workbook}/connections/${connection}`, '<connection serverAddress="other.example"/>');
  await write("PUT", `/workbooks/${workbook}/tags`, '<tags><tag label="life"/></tags>');
  await write("DELETE", `/workbooks/${workbook}/tags/life`);
  const view = id(await read(`/workbooks/${workbook}/views`), "views", "view");
  await write("PUT", `/views/${view}/tags`, '<tags><tag label="life"/><tag label="b"/></tags>');
  const refresh = id(await write("POST", `/workbooks/${workbook}/refresh`, ""), "job");
  await write("PUT", `/jobs/${refresh}`);
  return workbook;
}

const datasourceFile = `<?xml version='1.0' encoding='utf-8'?>
<datasource formatted-name='federated.2' version='18.1'>
  <connection class='federated'><named-connections><named-connection caption='db' name='postgres.1'>
    <connection class='postgres' dbname='sales' server='db.example.com' port='5432' username='reader'/>
  </named-connection></named-connections></connection>
  <column caption='Sales' datatype='real' name='[Sales]' role='measure' type='quantitative'/>
</datasource>`;

async function liveOfDatasource({ write, publish, read, id }: Writing, project: string): Promise<string> {
  const file = { part: "tableau_datasource", name: "life.tds", text: datasourceFile };
  const content = `<datasource name="Life"><project id="${project}"/></datasource>`;
  const datasource = id(await publish("/datasources?overwrite=true", content, file), "datasource");
  await publish("/datasources?overwrite=true&asJob=true", content, file);
  await write("PUT", `/datasources/${datasource}`, '<datasource isCertified="true" certificationNote="Sound"/>');
  const connection = id(await read(`/datasources/${datasource}/connections`), "connections", "connection");
  await write("PUT", `/datasources/${datasource}/connections/${connection}`, '<connection userName="other"/>');
  await write("PUT", `/datasources/${datasource}/tags`, '<tags><tag label="life"/></tags>');
  await write("POST", `/datasources/${datasource}/refresh`, "");
  return datasource;
}

async function liveOfFlow({ write, read, id }: Writing, project: string): Promise<void> {
  const flow = id(await read("/flows?pageSize=1"), "flows", "flow");
  await write("PUT", `/flows/${flow}/tags`, '<tags><tag label="life"/></tags>');
  await write("PUT", `/flows/${flow}`, `<flow><project id="${project}"/></flow>`);
  await write("POST", `/flows/${flow}/run`, "");
}

type Things = { workbook: string; datasource: string; user: string };

async function liveOfWork({ write, read, id }: Writing, edition: Edition, things: Things): Promise<void> {
  const view = id(await read(`/workbooks/${things.workbook}/views`), "views", "view");
  const daily =
    '<schedule frequency="Monthly"><frequencyDetails start="02:00:00"><intervals><interval monthDay="15"/></intervals>' +
    "</frequencyDetails></schedule>";
  const schedule =
    edition === "cloud"
      ? daily
      : `<schedule id="${id(await read("/subscriptions"), "subscriptions", "subscription", "schedule")}"/>`;
  const subscription = id(
    await write(
      "POST",
      "/subscriptions",
      `<subscription subject="Life"><content id="${view}" type="View"/>${edition === "cloud" ? "" : schedule}` +
        `<user id="${things.user}"/></subscription>${edition === "cloud" ? schedule : ""}`,
    ),
    "subscription",
  );
  await write("PUT", `/subscriptions/${subscription}`, '<subscription subject="Lives"/>');
  await write("DELETE", `/subscriptions/${subscription}`);
  if (edition === "cloud") {
    const refresh = `<extractRefresh type="FullRefresh"><datasource id="${things.datasource}"/></extractRefresh>`;
    await write("POST", "/tasks/extractRefreshes", `${refresh}${daily}`);
  }
  const task = id(await read("/tasks/extractRefreshes"), "tasks", "task", "extractRefresh");
  await write("POST", `/tasks/extractRefreshes/${task}/runNow`, "");
  await write("DELETE", `/tasks/extractRefreshes/${task}`);
  const alert = id(await read("/dataAlerts"), "dataAlerts", "dataAlert");
  await write("PUT", `/dataAlerts/${alert}`, '<dataAlert subject="Life" frequency="daily"/>');
  const linked = id(await read("/tasks/linked"), "linkedTasks", "linkedTasks");
  await write("POST", `/tasks/linked/${linked}/runNow`, "");
}

async function liveOfCatalog({ write, read, id }: Writing, datasource: string, known: Life["known"]): Promise<void> {
  const warning = '<dataQualityWarning type="WARNING" isActive="true" message="Life"/>';
  const warnings = `/dataQualityWarnings/datasource/${datasource}`;
  const made = await write("POST", warnings, warning);
  known["/sites/{siteId}/dataQualityWarnings"] = [id(made, "dataQualityWarning")];
  const assets = `<contentList><content contentType="datasource" id="${datasource}"/></contentList>`;
  const certified = await write(
    "POST",
    "/dataQualityCertifications",
    `${assets}<dataQualityIndicator message="Life"/>`,
  );
  known["/sites/{siteId}/dataQualityCertification"] = [
    id(certified, "dataQualityIndicatorList", "dataQualityIndicator"),
  ];
  const trigger = await write("POST", `/dataQualityTriggers/datasource/${datasource}`, "<dataQualityTrigger/>");
  known["/sites/{siteId}/dataQualityTriggers"] = [id(trigger, "dataQualityTriggerList", "dataQualityTrigger")];
  const database = id(await read("/databases"), "databases", "database");
  await write("PUT", `/databases/${database}`, '<database description="Life" isCertified="true"/>');
  await write("PUT", `/databases/${database}/tags`, '<tags><tag label="life"/></tags>');
  const table = id(await read("/tables"), "tables", "table");
  await write("PUT", `/tables/${table}`, '<table description="Life"/>');
  const column = id(await read(`/tables/${table}/columns`), "columns", "column");
  await write("PUT", `/tables/${table}/columns/${column}`, '<column description="Life"/>');
  await write("PUT", `/columns/${column}/tags`, '<tags><tag label="life"/></tags>');
  const project = id(await read("/projects"), "projects", "project");
  const resources = `<resourceList><resource id="${table}"/></resourceList>`;
  const moved = `<location id="${project}" type="Project"/>${resources}`;
  await write("POST", "/tables", `<contentLocationRequest>${moved}</contentLocationRequest>`);
  const tagged = `<tags><tag label="life"/></tags><contents><content id="${table}" contentType="table"/></contents>`;
  await write("PUT", "/tags:batchCreate", `<tagBatch>${tagged}</tagBatch>`);
  await write("PUT", "/labelValues", '<labelValue name="Life" category="warning"/>');
  await write("POST", "/labelCategories", '<labelCategory name="Life"/>');
  const labelled = await write("PUT", "/labels", `${assets}<label value="certified"/>`);
  known["/sites/{siteId}/labels"] = [id(labelled, "labelList", "label")];
  const connection = id(await read("/virtualConnections"), "virtualConnections", "virtualConnection");
  await write("PUT", `/virtualConnections/${connection}`, '<virtualConnection name="Life"/>');
  const published = `<virtualConnection name="Lives" content="{}"><project id="${project}"/></virtualConnection>`;
  await write("POST", "/virtualConnections", published);
}

async function liveOfSite({ write, id }: Writing, known: Life["known"]): Promise<void> {
  const hook = (name: string) =>
    `<webhook name="${name}" event="WorkbookCreated"><webhook-destination>` +
    '<webhook-destination-http method="POST" url="http://127.0.0.1:9/life"/></webhook-destination></webhook>';
  const webhook = id(await write("POST", "/webhooks", hook("Life")), "webhook");
  await write("PUT", `/webhooks/${webhook}`, hook("Lives"));
  const app = await write("POST", "/connected-applications", '<connectedApplication name="Life" enabled="true"/>');
  const { clientId } = z
    .object({ connectedApplication: z.object({ clientId: z.string() }) })
    .parse(app).connectedApplication;
  const secret = id(
    await write("POST", `/connected-applications/${clientId}/secrets`, ""),
    "connectedApplicationSecret",
  );
  for (const path of ["connected-applications", "connected-apps/direct-trust"]) {
    known[`/sites/{siteId}/${path}`] = [clientId];
    known[`/sites/{siteId}/${path}/{clientId}/secrets`] = [secret];
  }
  await write("PUT", "/settings/embedding", '<site><settings unrestrictedEmbedding="true"/></site>');
  const mobile = '<mobileSecuritySettings name="mobile.security.screenshot" enabled="false"/>';
  const mobileSettings = `<mobileSecuritySettingsList>${mobile}</mobileSecuritySettingsList>`;
  await write("PUT", "/settings/mobilesecuritysettings", mobileSettings);
  const trusted = '<externalAuthorizationServer name="Life" issuerUrl="https://life.example" enabled="true"/>';
  const server = await write("POST", "/connected-apps/external-authorization-servers", trusted);
  known["/sites/{siteId}/connected-apps/external-authorization-servers"] = [id(server, "externalAuthorizationServer")];
}

async function liveOfFavorites({ write }: Writing, user: string, things: { workbook: string; project: string }) {
  const path = `/favorites/${user}`;
  await write("PUT", path, `<favorite label="Life"><workbook id="${things.workbook}"/></favorite>`);
  await write("PUT", path, `<favorite label="Lives"><project id="${things.project}"/></favorite>`);
  await write("DELETE", `${path}/workbooks/${things.workbook}`);
}
