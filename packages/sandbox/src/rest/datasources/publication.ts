import { randomUUID } from "node:crypto";
import type { Site } from "../../site/site.ts";
import { connectionsOfSource } from "../connections/from-file.ts";
import type { Connection } from "../connections/model.ts";
import { applyCredentials } from "../publishing/credentials.ts";
import { freeContentUrl, namedIn, nextNumber } from "../publishing/names.ts";
import type { Here } from "../publishing/publish.ts";
import { addRevision } from "../revisions/revisions.ts";
import type { DatasourceDraft } from "./draft.ts";
import type { Datasource } from "./model.ts";

/** Publishes a draft that nothing stands against: a new data source, or the one with its name changed. */
export function publishDraft(here: Here, draft: DatasourceDraft): Datasource {
  const { world, site, at } = here;
  const existing = namedIn(site.datasources, draft.project, draft.name);
  const datasource = existing ?? newDatasource(here, draft);
  const { file, fileType, publisher } = draft;
  if (draft.append) {
    // What is appended are rows of a file that is not read: the data source stays what it is, only newer.
    world.files.remove(file).catch(() => {});
  } else {
    Object.assign(datasource, changesOf(site, datasource, draft));
    addRevision(datasource, world.files, { publisher, publishedAt: at, file, fileType });
  }
  datasource.updatedAt = at;
  site.datasources.set(datasource.id, datasource);
  const name = existing === undefined ? "DatasourceCreated" : "DatasourceUpdated";
  world.events.emit({ name, site, resource: "DATASOURCE", item: datasource, at });
  return datasource;
}

function newDatasource({ site, at }: Here, { name, project, publisher }: DatasourceDraft): Datasource {
  return {
    id: randomUUID(),
    number: nextNumber(site.datasources),
    name,
    contentUrl: freeContentUrl(site.datasources, name, "Datasource"),
    description: "",
    type: "",
    project,
    owner: publisher,
    tags: [],
    connections: [],
    fields: [],
    hasExtracts: false,
    encryptExtracts: false,
    useRemoteQueryAgent: false,
    isCertified: false,
    certificationNote: "",
    size: 1,
    revisions: [],
    createdAt: at,
    updatedAt: at,
  };
}

/** What a data source takes over from the file and the request. inferred: who overwrites one becomes its owner. */
function changesOf(site: Site, datasource: Datasource, draft: DatasourceDraft): Partial<Datasource> {
  const { contents, fileType, publisher, credentials } = draft;
  const read = contents === undefined ? [] : connectionsOfSource(site, contents, undefined);
  const connections = read.length > 0 ? read : [connectionToFile(fileType)];
  applyCredentials(connections, credentials);
  return {
    description: draft.description ?? datasource.description,
    type: connections[0]?.type ?? fileType,
    owner: publisher,
    connections,
    fields: contents?.fields ?? [],
    part: undefined,
    hasExtracts: contents?.hasExtract ?? true,
    useRemoteQueryAgent: draft.useRemoteQueryAgent ?? datasource.useRemoteQueryAgent,
    isCertified: draft.isCertified ?? datasource.isCertified,
    certificationNote: draft.certificationNote ?? datasource.certificationNote,
  };
}

/** A file of data alone is what the data source connects to. */
function connectionToFile(fileType: string): Connection {
  return {
    id: randomUUID(),
    type: fileType === "tde" ? "dataengine" : fileType,
    serverAddress: "",
    serverPort: undefined,
    userName: "",
    embedPassword: false,
    queryTaggingEnabled: false,
    authenticationType: undefined,
    databaseName: undefined,
    datasource: undefined,
    embedded: undefined,
  };
}
