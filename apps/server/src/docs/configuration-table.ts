import { z } from "zod";
import { environmentSchema } from "../config.ts";
import { markdownTable } from "./markdown-table.ts";

/** The environment variables as a table in Markdown, from their schema. */
export function configurationTable(): string {
  const { properties = {} } = z.toJSONSchema(environmentSchema, { io: "input", unrepresentable: "any" });
  // From an empty environment: a default behind a transformation is in no JSON schema.
  const byDefault: Readonly<Record<string, unknown>> = environmentSchema.parse({});
  const rows = Object.entries(properties).map(([name, property]) => {
    if (typeof property === "boolean") throw new Error(`${name} has no description.`);
    const { description = "", enum: choices } = property;
    const among =
      choices === undefined ? "" : ` One of ${choices.map((choice) => `\`${String(choice)}\``).join(", ")}.`;
    return [`\`${name}\``, inCode(byDefault[name]), description + among];
  });
  return markdownTable(["variable", "default", "what it decides"], rows);
}

function inCode(value: unknown): string {
  return value === undefined || value === "" ? "" : `\`${String(value)}\``;
}
