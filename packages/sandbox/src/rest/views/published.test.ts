import { afterAll, beforeAll, expect, test } from "vitest";
import { errorOf, objectOf, openTestSandbox, pageOf, type SignedIn, type TestSandbox } from "../../testing/client.ts";

let sandbox: TestSandbox;
let ana: SignedIn;
beforeAll(async () => {
  sandbox = await openTestSandbox();
  ana = await sandbox.administrator();
});
afterAll(() => sandbox.close());

const column = (name: string, type: string, role: string) =>
  `<column datatype="${type}" name="[${name}]" role="${role}" type="${role === "measure" ? "quantitative" : "nominal"}"/>`;

type Worksheet = { name: string; rows: string; columns: string; mark: string; more?: string; filter?: string };

const worksheet = ({ name, rows, columns, mark, more = "", filter = "" }: Worksheet) => `
  <worksheet name="${name}"><table>
    <view><datasources><datasource caption="Mine" name="mine"/></datasources>${filter}</view>
    <panes><pane><mark class="${mark}"/><encodings>${more}</encodings></pane></panes>
    <rows>${rows}</rows><cols>${columns}</cols>
  </table></worksheet>`;

const twb = (columns: string, worksheets: readonly Worksheet[]) => `<?xml version="1.0" encoding="utf-8"?>
  <workbook version="18.1"><datasources>
    <datasource caption="Mine" name="mine"><connection class="hyper" dbname="mine.hyper"/>${columns}</datasource>
  </datasources><worksheets>${worksheets.map(worksheet).join("")}</worksheets></workbook>`;

/** Publishes a workbook, and gives its views by their names. */
async function publish(name: string, document: string): Promise<Map<string, string>> {
  const projects = await pageOf(await ana.onSite("/projects?filter=name:eq:Default"), "projects", "project");
  const payload = `<tsRequest><workbook name="${name}"><project id="${projects.items[0]?.id}"/></workbook></tsRequest>`;
  const body = [
    `--part\r\nContent-Disposition: name="request_payload"\r\nContent-Type: text/xml\r\n\r\n${payload}\r\n`,
    `--part\r\nContent-Disposition: name="tableau_workbook"; filename="${name}.twb"\r\n\r\n${document}\r\n--part--\r\n`,
  ].join("");
  const headers = { "content-type": "multipart/mixed; boundary=part" };
  await objectOf(await ana.onSite("/workbooks?workbookType=twb", { method: "POST", body, headers }), "workbook");
  const { items } = await pageOf(await ana.onSite(`/views?filter=workbookName:eq:${name}`), "views", "view");
  return new Map(items.map((view) => [String(view.name), String(view.id)]));
}

test("sheets whose captions are those of the sales table are drawn from it", async () => {
  const columns = [
    column("Region", "string", "dimension"),
    column("Sales", "real", "measure"),
    column("Profit", "real", "measure"),
  ];
  const views = await publish(
    "Alike",
    twb(columns.join(""), [
      { name: "Bars", rows: "[mine].[none:Region:nk]", columns: "[mine].[sum:Sales:qk]", mark: "Bar" },
      {
        name: "Figures",
        rows: "[mine].[none:Region:nk]",
        columns: "[mine].[:Measure Names]",
        mark: "Text",
        more: '<text column="[mine].[Multiple Values]"/>',
        filter: `<filter class="categorical" column="[mine].[:Measure Names]"><groupfilter function="union">
        <groupfilter function="member" level="[:Measure Names]" member='"[mine].[sum:Sales:qk]"'/>
        <groupfilter function="member" level="[:Measure Names]" member='"[mine].[sum:Profit:qk]"'/>
      </groupfilter></filter>`,
      },
      {
        name: "Ring",
        rows: "",
        columns: "",
        mark: "Pie",
        more: '<color column="[mine].[none:Region:nk]"/><wedge-size column="[mine].[sum:Sales:qk]"/>',
      },
    ]),
  );
  const text = async (name: string, path: string) => (await ana.onSite(`/views/${views.get(name)}/${path}`)).text();
  expect((await text("Bars", "data")).split("\n")[0]).toBe("Region,Sales");
  expect((await text("Figures", "data")).split("\n").slice(0, 2)).toEqual([
    "Measure Names,Region,Measure Values",
    expect.stringMatching(/^(Profit|Sales),Central,/),
  ]);
  expect(await text("Bars", "data?vf_Region=West")).toMatch(/^Region,Sales\nWest,"[\d,.]+"\n$/);
  for (const name of views.keys()) expect(await text(name, "image?format=svg")).toContain("West");
});

test("of others the picture says what the sandbox can't read, and there are no data", async () => {
  const columns = [column("Planet", "string", "dimension"), column("Moons", "integer", "measure")];
  const views = await publish(
    "Other",
    twb(columns.join(""), [
      { name: "Moons by Planet", rows: "[mine].[sum:Moons:qk]", columns: "[mine].[none:Planet:nk]", mark: "Bar" },
    ]),
  );
  const id = views.get("Moons by Planet");
  expect(await (await ana.onSite(`/views/${id}/image?format=svg`)).text()).toContain("&quot;Mine&quot;");
  for (const path of ["data", "crosstab/excel"]) {
    expect((await errorOf(await ana.onSite(`/views/${id}/${path}`))).code).toBe("400081");
  }
  expect((await ana.onSite(`/views/${id}/pdf`)).status).toBe(200);
});
