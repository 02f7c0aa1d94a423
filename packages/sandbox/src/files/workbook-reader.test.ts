import { describe, expect, test } from "vitest";
import { readWorkbook } from "./workbook-reader.ts";

async function contentsOf(document: string) {
  const read = await readWorkbook(
    (async function* () {
      yield Buffer.from(document);
    })(),
  );
  if (read.kind === "fault") throw new Error(read.fault);
  return read.contents;
}

// As Tableau Desktop writes workbooks, only shorter.
const document = `<?xml version='1.0' encoding='utf-8' ?>
<workbook version='18.1' xmlns:user='http://www.tableausoftware.com/xml/user'>
  <datasources>
    <datasource hasconnection='false' inline='true' name='Parameters'>
      <column caption='How many' datatype='integer' name='[Parameter 1]' role='measure' type='quantitative' value='7'/>
      <column caption='Who' datatype='string' name='[Parameter 2]' role='measure' type='nominal' value='&quot;Ana&quot;'/>
    </datasource>
    <datasource caption='Store' inline='true' name='federated.1'>
      <connection class='federated'>
        <named-connections>
          <named-connection caption='db' name='postgres.1'>
            <connection authentication='username-password' class='postgres' dbname='shop' port='5432' server='db.example' username='me'/>
          </named-connection>
        </named-connections>
        <_.fcp.ObjectModelEncapsulateLegacy.false...relation name='ignored'/>
        <_.fcp.ObjectModelEncapsulateLegacy.true...relation name='orders'/>
        <metadata-records>
          <metadata-record class='column'><local-name>[Category]</local-name><local-type>string</local-type></metadata-record>
        </metadata-records>
      </connection>
      <column caption='Net Sales' datatype='real' name='[net]' role='measure' type='quantitative'/>
      <column caption='Profit %' datatype='real' name='[Calculation_1]' role='measure'><calculation formula='SUM([p])/SUM([net])'/></column>
      <column caption='Order Date' datatype='date' name='[od]' role='dimension' type='ordinal'/>
    </datasource>
    <datasource caption='Shared' name='sqlproxy.1'>
      <repository-location id='SharedSource' path='/t/acme/datasources'/>
      <connection class='sqlproxy' dbname='SharedSource' server='localhost'/>
    </datasource>
  </datasources>
  <worksheets>
    <worksheet name='Ranking'><table>
      <view>
        <datasources><datasource name='Parameters'/><datasource caption='Store' name='federated.1'/></datasources>
        <datasource-dependencies datasource='federated.1'>
          <column-instance column='[net]' derivation='Avg' name='[my own name]'/>
        </datasource-dependencies>
        <filter class='categorical' column='[federated.1].[none:Category:nk]'>
          <groupfilter count='[Parameters].[Parameter 1]' end='top' function='end' units='records'>
            <groupfilter direction='DESC' expression='SUM([net])' function='order'>
              <groupfilter function='level-members' level='[none:Category:nk]'/>
            </groupfilter>
          </groupfilter>
        </filter>
        <filter class='categorical' column='[federated.1].[none:Region:nk]'>
          <groupfilter function='union'>
            <groupfilter function='member' level='[none:Region:nk]' member='&quot;The \\&quot;East\\&quot;&quot;'/>
            <groupfilter function='member' level='[none:Region:nk]' member='&quot;West&quot;'/>
          </groupfilter>
        </filter>
        <filter class='categorical' column='[federated.1].[none:Segment:nk]'>
          <groupfilter function='except'><groupfilter function='member' member='&quot;x&quot;'/></groupfilter>
        </filter>
        <filter class='quantitative' column='[federated.1].[sum:net:qk]'/>
        <computed-sort column='[federated.1].[none:Category:nk]' direction='DESC' using='[federated.1].[sum:net:qk]'/>
      </view>
      <panes><pane><mark class='Bar'/><encodings>
        <color column='[federated.1].[usr:Calculation_1:qk]'/><lod column='[federated.1].[none:City]]s:nk]'/>
      </encodings></pane></panes>
      <rows>([federated.1].[none:Category:nk] / [federated.1].[yr:od:ok])</rows>
      <cols>[federated.1].[my own name]</cols>
    </table></worksheet>
    <worksheet name='Measures'><table>
      <view><datasources><datasource caption='Shared' name='sqlproxy.1'/></datasources></view>
      <rows>[sqlproxy.1].[:Measure Names]</rows><cols>[sqlproxy.1].[Multiple Values]</cols>
    </table></worksheet>
  </worksheets>
  <dashboards>
    <dashboard name='Board'><zones><zone h='100000' type-v2='layout-basic' w='100000' x='0' y='0'>
      <zone h='50000' name='Ranking' w='100000' x='0' y='50000'/>
      <zone h='5000' name='Ranking' type-v2='filter' w='5000' x='0' y='0'/>
    </zone></zones><devicelayouts><devicelayout><zones><zone name='Measures'/></zones></devicelayout></devicelayouts></dashboard>
    <dashboard name='Story' type='storyboard'><zones/><flipboard><story-points>
      <story-point caption='First' captured-sheet='Board'/><story-point captured-sheet='Ranking'/>
    </story-points></flipboard></dashboard>
  </dashboards>
  <windows>
    <window class='dashboard' name='Story'/><window class='dashboard' name='Board'/>
    <window class='worksheet' hidden='true' name='Measures'/>
    <window class='worksheet' name='Ranking'><cards><edge><strip>
      <card param='[federated.1].[none:Category:nk]' type='filter'/><card param='[Parameters].[Parameter 1]' type='parameter'/>
    </strip></edge></cards></window>
  </windows>
</workbook>`;

describe("a workbook's file", () => {
  test("has its sheets in the order of the tabs, and knows which are hidden", async () => {
    const { sheets } = await contentsOf(document);
    expect(sheets.map(({ name, kind, isHidden }) => [name, kind, isHidden])).toEqual([
      ["Story", "story", false],
      ["Board", "dashboard", false],
      ["Measures", "worksheet", true],
      ["Ranking", "worksheet", false],
    ]);
  });

  test("tells what a worksheet shows, in captions", async () => {
    const { sheets } = await contentsOf(document);
    const plain = (caption: string) => ({ caption, derivation: "None" });
    const sales = { caption: "Net Sales", derivation: "Sum" };
    expect(sheets.find(({ name }) => name === "Ranking")).toMatchObject({
      datasources: ["Store"],
      rows: [plain("Category"), { caption: "Order Date", derivation: "Year" }],
      columns: [{ caption: "Net Sales", derivation: "Avg" }],
      color: { caption: "Profit %", derivation: "User" },
      detail: [plain("City]s")],
      mark: "Bar",
      filters: [{ ...plain("Region"), values: ['The "East"', "West"] }],
      quickFilters: ["Category"],
      shownParameters: ["How many"],
      top: { of: plain("Category"), by: sales, count: "How many" },
      sort: { of: plain("Category"), by: sales, direction: "descending" },
    });
    expect(sheets.find(({ name }) => name === "Measures")).toMatchObject({
      datasources: ["Shared"],
      rows: [plain("Measure Names")],
      columns: [plain("Measure Values")],
    });
  });

  test("tells what is where on a dashboard and in a story", async () => {
    const { sheets } = await contentsOf(document);
    expect(sheets.find(({ name }) => name === "Board")?.zones).toEqual([
      { name: "Ranking", x: 0, y: 0.5, width: 1, height: 0.5 },
    ]);
    expect(sheets.find(({ name }) => name === "Story")?.points).toEqual([
      { caption: "First", name: "Board" },
      { caption: "Ranking", name: "Ranking" },
    ]);
  });

  test("tells its data sources, their connections and fields, and its parameters", async () => {
    const { datasources, parameters } = await contentsOf(document);
    expect(parameters).toEqual([
      { name: "How many", dataType: "integer", value: "7" },
      { name: "Who", dataType: "string", value: "Ana" },
    ]);
    expect(datasources).toMatchObject([
      {
        name: "Store",
        hasExtract: false,
        connections: [{ type: "postgres", serverAddress: "db.example", serverPort: 5432, databaseName: "shop" }],
        fields: [
          { name: "Category", dataType: "string", role: "dimension" },
          { name: "Net Sales", role: "measure", formula: undefined },
          { name: "Profit %", formula: "SUM([p])/SUM([net])" },
          { name: "Order Date", dataType: "date" },
        ],
      },
      { name: "Shared", connections: [{ type: "sqlproxy", publishedAs: "SharedSource" }] },
    ]);
  });

  test("may lack windows, and everything but sheets", async () => {
    const { sheets } = await contentsOf(
      "<workbook><worksheets><worksheet name='B'/><worksheet name='A'/></worksheets></workbook>",
    );
    expect(sheets.map(({ name }) => name)).toEqual(["B", "A"]);
  });
});
