// Drives the npm package tableau-server-client, as it is, through all that it can do. It knows the default site only.
const { initialize } = require("tableau-server-client");

const [host, username, password] = process.argv.slice(2);

async function main() {
  const client = initialize({ baseUrl: host, apiVersion: "3.27" });
  const signIn = await client.authentication.signin({ username, password });
  const tasks = await client.tasks.getExtractRefreshes();
  const list = tasks.body.tasks?.task ?? [];
  const run = await client.tasks.runExtractRefresh(list[0]?.extractRefresh.id);
  const source = list.map(({ extractRefresh }) => extractRefresh.datasource?.id).find((id) => id !== undefined);
  const refresh = await client.datasources.updateDataSource(source);
  const answer = ({ statusCode, body }) => ({ statusCode, body });
  // Its log goes to stdout too: the last line is ours.
  const said = { signIn: answer(signIn), tasks: answer(tasks), run: answer(run), refresh: answer(refresh) };
  process.stdout.write(`\n${JSON.stringify(said)}\n`);
}

main().catch((error) => {
  process.stderr.write(`${error.stack}\n`);
  process.exitCode = 1;
});
