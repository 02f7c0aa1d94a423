// Drives the npm package tableau-rest, as it is, through all that it can do, or with `own-site` through what it can do on
// one site. Its modules need a main file of their own.
const { readFileSync } = require("node:fs");
const { join } = require("node:path");
const TableauClient = require("tableau-rest");

const [host, user, password, files, where] = process.argv.slice(2);

async function main() {
  const client = new TableauClient({ version: "3.27", host, user, password, site: "acme" });
  await client.signIn();
  const sites = await client.querySites();
  const { project } = { project: await client.createProject({ name: "From tableau-rest", description: "A & B" }) };
  const projects = await client.queryProjects();
  const publish = { projectId: project.id, showTabs: true };
  const workbook = await client.publishWorkbook({
    ...publish,
    name: "Published by tableau-rest",
    filePath: join(files, "book.twb"),
    fileName: "book.twb",
  });
  const datasource = await client.publishDataSource({
    ...publish,
    name: "Source by tableau-rest",
    filePath: join(files, "source.tds"),
    fileName: "source.tds",
    connectionCredentials: { user: "a", password: "b & c", embed: true },
  });
  const workbooks = await client.queryWorkbooks({ pageSize: 1000 });
  const datasources = await client.queryDataSources({ pageSize: 1000 });
  const views = await client.queryViews({ workbookId: workbook.workbook.id });
  const named = await client.queryViews({ name: "By Region", workbookName: "Published by tableau-rest" });
  await client.downloadWorkbook(workbook.workbook.id, { dir: files });
  await client.downloadDataSource(datasource.datasource.id, { dir: files });
  const downloaded = {
    workbook: readFileSync(join(files, `${workbook.workbook.id}.twb`), "utf8"),
    datasource: readFileSync(join(files, `${datasource.datasource.id}.tdsx`), "utf8"),
  };
  await client.deleteWorkbook(workbook.workbook.id);
  await client.deleteDataSource(datasource.datasource.id);
  const left = await client.queryWorkbooks({ pageSize: 1000 });
  const further = where === "own-site" ? {} : await elsewhere(client);
  await client.signOut();
  const said = { sites, project, projects, workbook, datasource, workbooks, datasources, views, named, downloaded };
  process.stdout.write(JSON.stringify({ ...said, left, ...further }));
}

async function elsewhere(client) {
  const created = await client.createSite("From tableau-rest", "tableau-rest");
  await client.switchSite("acme-labs");
  return { created, onLabs: await client.queryWorkbooks() };
}

main().catch((error) => {
  process.stderr.write(`${error.stack}\n`);
  process.exitCode = 1;
});
