import { zipOf } from "../../files/stored-zip.ts";
import type { Flow } from "./model.ts";

/**
 * The file of a flow that nobody published, the same every time: a zip with the flow as JSON in it, as Tableau Prep
 * writes it, only shorter. It can be published again, and is read as any other.
 */
export function seededFlowFile(flow: Flow): { size: number; content: Buffer } {
  const content = zipOf([
    { name: "flow", content: json(flowDocument(flow)) },
    { name: "maestroMetadata", content: json({ majorVersion: 1, minorVersion: 0, flowEntryName: "flow" }) },
  ]);
  return { size: content.length, content };
}

function flowDocument({ id, connections, outputSteps, parameters }: Flow): object {
  const inputs = connections.map((connection) => [
    `input-${connection.id}`,
    { nodeType: ".v1.LoadSql", baseType: "input", id: `input-${connection.id}`, name: connection.type },
  ]);
  const outputs = outputSteps.map((step) => [
    step.id,
    { nodeType: ".v1.PublishExtract", baseType: "output", id: step.id, name: step.name },
  ]);
  const places = connections.map(({ id, type, serverAddress, serverPort, userName, databaseName }) => [
    id,
    {
      connectionType: ".v1.SqlConnection",
      id,
      name: databaseName ?? type,
      connectionAttributes: { class: type, server: serverAddress, port: serverPort?.toString(), username: userName },
    },
  ]);
  const known = parameters.map(({ id, name, type, value, description }) => [
    id,
    { id, name, type, value, description },
  ]);
  return {
    parameters: { parameters: Object.fromEntries(known) },
    initialNodes: inputs.map(([key]) => key),
    nodes: Object.fromEntries([...inputs, ...outputs]),
    connections: Object.fromEntries(places),
    documentId: id,
    majorVersion: 1,
    minorVersion: 7,
  };
}

function json(value: object): Buffer {
  return Buffer.from(JSON.stringify(value, undefined, 1));
}
