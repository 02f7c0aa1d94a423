import fc from "fast-check";
import { XMLParser } from "fast-xml-parser";
import { describe, expect, test } from "vitest";
import { matchRoute } from "../route-match.ts";
import { jobs } from "./jobs.ts";
import { uploads } from "./uploads.ts";

describe("jobs", () => {
  const job = (fields: Record<string, unknown>) => jobs.read({ job: { id: "j", ...fields } });

  test("have ended when they say when, whatever their code says before", () => {
    expect(job({ progress: "0", finishCode: "1" })).toEqual({ id: "j", state: "open", notes: "" });
    expect(job({ completedAt: "2026-01-01T00:00:00Z", finishCode: "0" })?.state).toBe("succeeded");
    expect(job({ completedAt: "2026-01-01T00:00:00Z", finishCode: 3 })?.state).toBe("succeeded");
    expect(job({ completedAt: "2026-01-01T00:00:00Z" })?.state).toBe("succeeded");
    expect(job({ completedAt: "2026-01-01T00:00:00Z", finishCode: "2" })?.state).toBe("unsuccessful");
  });

  test("say what they have to say, normalised or not", () => {
    const ended = { completedAt: "2026-01-01T00:00:00Z", finishCode: "1" };
    expect(job({ ...ended, extractRefreshJob: { notes: "No table." } })?.notes).toBe("No table.");
    const statusNote = [{ text: "One." }, { text: "Two." }];
    expect(job({ ...ended, statusNotes: { statusNote } })?.notes).toBe("One. Two.");
    expect(job({ ...ended, statusNotes: statusNote })?.notes).toBe("One. Two.");
    expect(job({ ...ended, statusNotes: 7, runFlowJobType: "?" })?.notes).toBe("");
  });

  test("are read from whatever a server sends", () => {
    fc.assert(
      fc.property(fc.jsonValue(), fc.jsonValue(), (fields, other) => {
        for (const body of [fields, { job: fields }, { job: { id: "j", completedAt: other, statusNotes: fields } }]) {
          expect(["open", "succeeded", "unsuccessful", undefined]).toContain(jobs.read(body)?.state);
        }
      }),
    );
  });

  test("are none where an answer holds none", () => {
    for (const body of [null, "", {}, { job: {} }, { job: { id: "" } }, { workbook: { id: "w" } }]) {
      expect(jobs.read(body)).toBeNull();
    }
    expect(jobs.path("a/b")).toBe("/jobs/a%2Fb");
  });
});

function kindOf(name: string) {
  const kind = uploads.get(name);
  if (kind === undefined) throw new Error(name);
  return kind;
}

function formOf(kind: string, fields: Record<string, string>, filename = "a.twbx") {
  return kindOf(kind).readForm(new Map(Object.entries(fields)), filename);
}

describe("uploads", () => {
  const usual = { name: "Sales", projectId: "p1" };
  const parser = new XMLParser({
    ignoreAttributes: false,
    attributeNamePrefix: "",
    parseAttributeValue: false,
    htmlEntities: true,
  });

  test("a form becomes the call that publishes", () => {
    const read = formOf("workbook", {
      ...usual,
      showTabs: "True",
      overwrite: "true",
      skipConnectionCheck: "false",
      connections: JSON.stringify([
        { serverAddress: "db", serverPort: 5432, connectionCredentials: { name: "u", password: "p&", embed: true } },
      ]),
      hiddenViews: '["Draft"]',
    });
    if (read.kind !== "form") throw new Error(read.detail);
    expect(read.form).toMatchObject({ fileType: "twbx", asJob: true, parameters: { overwrite: "true" } });
    const { path, method, body, contentType } = kindOf("workbook").finish("7:a-1:0", read.form, "b0");
    expect([method, path]).toEqual([
      "POST",
      "/workbooks?uploadSessionId=7%3Aa-1%3A0&workbookType=twbx&overwrite=true&asJob=true",
    ]);
    expect(contentType).toBe("multipart/mixed; boundary=b0");
    expect(body).toContain('Content-Disposition: name="request_payload"\r\nContent-Type: text/xml\r\n\r\n<tsRequest>');
    expect(parser.parse(read.form.payload).tsRequest.workbook).toEqual({
      name: "Sales",
      showTabs: "true",
      connections: {
        connection: {
          serverAddress: "db",
          serverPort: "5432",
          connectionCredentials: { name: "u", password: "p&", embed: "true" },
        },
      },
      project: { id: "p1" },
      views: { view: { name: "Draft", hidden: "true" } },
    });
  });

  test("flows have no job, and parts and their session stand in the path as Tableau's clients write them", () => {
    const read = formOf("flow", usual, "Prep.TFLX");
    if (read.kind !== "form") throw new Error(read.detail);
    expect(kindOf("flow").finish("u", read.form, "b").path).toBe("/flows?uploadSessionId=u&flowType=tflx");
    const part = kindOf("flow").append("7:a-1:0", "b");
    expect(part.path).toBe("/fileUploads/7:a-1:0");
    expect(matchRoute(part.method, part.path, "https://tableau.example")).toMatchObject({
      route: { template: "/sites/{siteId}/fileUploads/{uploadSessionId}" },
    });
  });

  test.each([
    ["workbook", { projectId: "p1" }, "the field name is missing"],
    ["workbook", { name: " ", projectId: "p1" }, "the field name is missing"],
    ["workbook", { ...usual, nmae: "x" }, "there is no field nmae"],
    ["workbook", { ...usual, append: "true" }, "there is no field append"],
    ["workbook", { ...usual, overwrite: "yes" }, "the field overwrite must be true or false"],
    ["workbook", { ...usual, connections: "{" }, "the field connections is no JSON"],
    [
      "workbook",
      { ...usual, connections: '[{"password":"secret"}]' },
      "the field connections.0 is not as it should be",
    ],
    ["workbook", { ...usual, name: "a\u0001" }, "the field name holds characters"],
    ["workbook", { ...usual, fileType: "exe" }, "one of twb, twbx"],
    ["datasource", { ...usual, fileType: "tds", overwrite: "true", append: "true" }, "overwrite and append"],
  ])("a form for a %s with %j is refused in words", (kind, fields, words) => {
    const read = formOf(kind, fields);
    expect(read).toMatchObject({ kind: "unreadable", detail: expect.stringContaining(words) });
    expect(JSON.stringify(read)).not.toContain("secret");
  });

  test("any name that XML can hold arrives as it was", () => {
    fc.assert(
      fc.property(fc.string({ unit: "grapheme", minLength: 1 }), (name) => {
        const read = formOf("workbook", { name, projectId: "p" });
        if (read.kind !== "form") return;
        const written = /name="([^"]*)"/.exec(read.form.payload)?.[1] ?? "";
        expect(unescaped(written)).toBe(name);
      }),
      { examples: [["<&>\"'\n\t\r"], ["]]>"], ["&amp;"], ["true"]] },
    );
  });
});

function unescaped(written: string): string {
  const named: Record<string, string> = { amp: "&", lt: "<", gt: ">", quot: '"', apos: "'" };
  return written.replace(/&(?:#(\d+)|(\w+));/g, (_, code: string | undefined, name: string) =>
    code === undefined ? (named[name] ?? "?") : String.fromCharCode(Number(code)),
  );
}
