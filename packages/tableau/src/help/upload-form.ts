import type { UploadFormResult, UploadKind } from "@easel/connector/help";
import { z } from "zod";
import { type PublishPayload, writePayload } from "./publish-payload.ts";

/** What a request to publish one kind of content may say (REST reference, "Publish Workbook", "… Data Source", "… Flow"). */
export interface FormKind {
  readonly element: "workbook" | "datasource" | "flow";
  /** Fields that become attributes as they are, and those that are true or false. */
  readonly attributes: readonly string[];
  readonly flags: readonly string[];
  /** Fields that become parameters of the call, true or false. */
  readonly parameters: readonly string[];
  readonly hasViews: boolean;
  readonly hasJobs: boolean;
}

const UNWRITABLE = "holds characters that XML can't";

/** XML 1.0 has no way to write most control characters, nor half a pair of surrogates. */
function isWritable(text: string): boolean {
  // biome-ignore lint/suspicious/noControlCharactersInRegex: they are what is looked for
  return text.isWellFormed() && !/[\u0000-\u0008\u000b\u000c\u000e-\u001f\ufffe\uffff]/.test(text);
}

const text = z.string().refine(isWritable, UNWRITABLE);
const needed = text.refine((value) => value.trim() !== "", "is missing");
const flag = z
  .string()
  .trim()
  .toLowerCase()
  .refine((value) => value === "true" || value === "false", "must be true or false")
  .transform((value) => value === "true");

const credentials = z.strictObject({
  name: text,
  password: text.optional(),
  embed: z.boolean().optional(),
  oAuth: z.boolean().optional(),
});
const connection = z.strictObject({
  serverAddress: text.optional(),
  serverPort: z.union([text, z.number()]).optional(),
  connectionCredentials: credentials.optional(),
});
const lists = {
  connections: jsonOf(z.array(connection).max(500)).optional(),
  connectionCredentials: jsonOf(credentials).optional(),
};
const hiddenViews = jsonOf(z.array(text).max(2000)).optional();

/** A field that holds JSON. */
function jsonOf<Schema extends z.ZodType>(schema: Schema) {
  return z
    .string()
    .transform((value, context): unknown => {
      try {
        return JSON.parse(value);
      } catch {
        context.issues.push({ code: "custom", message: "is no JSON", input: value });
        return z.NEVER;
      }
    })
    .pipe(schema);
}

/** The upper half of what one kind of form may say is the same for all. */
function schemaOf(kind: FormKind) {
  const shared = z.strictObject({ name: needed, projectId: needed, fileType: z.string().optional(), ...lists });
  const named = <Field extends z.ZodType>(names: readonly string[], field: Field) =>
    Object.fromEntries(names.map((name) => [name, field.optional()]));
  return shared.extend({
    ...named(kind.attributes, text),
    ...named([...kind.flags, ...kind.parameters], flag),
    ...(kind.hasViews ? { hiddenViews } : {}),
    ...(kind.hasJobs ? { asJob: flag.optional() } : {}),
  });
}

/**
 * Reads the fields of a form. Each stands once; what is true or false says so, and `connections`,
 * `connectionCredentials` and `hiddenViews` are JSON.
 */
export function formReader(kind: FormKind, fileTypes: readonly string[]): UploadKind["readForm"] {
  const schema = schemaOf(kind);
  const known = Object.keys(schema.shape);
  return (fields, filename) => {
    const unknown = fields.keys().find((name) => !known.includes(name));
    if (unknown !== undefined) return unreadable(`there is no field ${unknown}; there are ${known.join(", ")}`);
    const fileType = fileTypeOf(fields.get("fileType"), filename);
    if (!fileTypes.includes(fileType)) {
      return unreadable(`the file's name must end in, or the field fileType say, one of ${fileTypes.join(", ")}`);
    }
    const read = schema.safeParse(Object.fromEntries(fields));
    if (!read.success) return unreadable(whatIsWrong(read.error));
    const said: Record<string, unknown> = read.data;
    if (said.overwrite === true && said.append === true) {
      return unreadable("overwrite and append can't both be true");
    }
    const payload: PublishPayload = {
      element: kind.element,
      ...read.data,
      attributes: [...kind.attributes, ...kind.flags].map((name) => [name, said[name]]),
      hiddenViews: kind.hasViews ? z.array(z.string()).optional().parse(said.hiddenViews) : undefined,
    };
    const parameters = Object.fromEntries(
      kind.parameters.filter((name) => said[name] === true).map((name) => [name, "true"]),
    );
    return {
      kind: "form",
      form: {
        fileType,
        asJob: kind.hasJobs && said.asJob !== false,
        parameters,
        payload: writePayload(payload),
      },
    };
  };
}

function unreadable(detail: string): UploadFormResult {
  return { kind: "unreadable", detail };
}

/** Where it is wrong, and not what it holds: there may be a password in it. */
function whatIsWrong(error: z.ZodError): string {
  const [issue] = error.issues;
  const place = issue?.path.join(".") ?? "";
  const isMissing = issue?.code === "invalid_type" && issue.path.length === 1;
  return `the field ${place} ${isMissing ? "is missing" : issue?.code === "custom" ? issue.message : "is not as it should be"}`;
}

function fileTypeOf(named: string | undefined, filename: string): string {
  return (named ?? /\.([^.]+)$/.exec(filename)?.[1] ?? "").trim().toLowerCase();
}
