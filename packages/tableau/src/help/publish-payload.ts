import { XMLBuilder } from "fast-xml-parser";

/** What a request to publish says of the content. */
export interface PublishPayload {
  readonly element: string;
  readonly name: string;
  readonly projectId: string;
  /** By name; what is undefined is left out. */
  readonly attributes: readonly (readonly [string, unknown])[];
  readonly connections?: readonly Connection[] | undefined;
  readonly connectionCredentials?: Credentials | undefined;
  readonly hiddenViews?: readonly string[] | undefined;
}

interface Connection {
  readonly serverAddress?: string | undefined;
  readonly serverPort?: string | number | undefined;
  readonly connectionCredentials?: Credentials | undefined;
}

interface Credentials {
  readonly name: string;
  readonly password?: string | undefined;
  readonly embed?: boolean | undefined;
  readonly oAuth?: boolean | undefined;
}

const builder = new XMLBuilder({
  ignoreAttributes: false,
  attributeNamePrefix: "@",
  suppressBooleanAttributes: false,
  suppressEmptyNode: true,
});

/** The `request_payload` of a request to publish, in XML, its elements in the order of Tableau's schema. */
export function writePayload(payload: PublishPayload): string {
  const { element, name, projectId, connections, connectionCredentials, hiddenViews } = payload;
  const content = {
    ...attributesOf([["name", name], ...payload.attributes]),
    ...(connections === undefined ? {} : { connections: { connection: connections.map(connectionElement) } }),
    ...(connectionCredentials === undefined
      ? {}
      : { connectionCredentials: attributesOf(Object.entries(connectionCredentials)) }),
    project: attributesOf([["id", projectId]]),
    ...(hiddenViews === undefined ? {} : { views: { view: hiddenViews.map(hiddenView) } }),
  };
  return keepBlanks(builder.build({ tsRequest: { [element]: content } }));
}

function connectionElement({ serverAddress, serverPort, connectionCredentials }: Connection) {
  return {
    ...attributesOf([
      ["serverAddress", serverAddress],
      ["serverPort", serverPort],
    ]),
    ...(connectionCredentials === undefined
      ? {}
      : { connectionCredentials: attributesOf(Object.entries(connectionCredentials)) }),
  };
}

function hiddenView(name: string) {
  return attributesOf([
    ["name", name],
    ["hidden", true],
  ]);
}

function attributesOf(attributes: readonly (readonly [string, unknown])[]): Record<string, string> {
  return Object.fromEntries(
    attributes.filter(([, value]) => value !== undefined).map(([name, value]) => [`@${name}`, String(value)]),
  );
}

/**
 * A line break or a tab that stands in an attribute as it is would be read as a space (XML 1.0, section 3.3.3). The
 * builder writes none of its own.
 */
function keepBlanks(xml: string): string {
  return xml.replace(/[\t\n\r]/g, (blank) => `&#${blank.charCodeAt(0)};`);
}
