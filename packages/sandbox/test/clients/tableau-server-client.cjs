// Drives the npm package tableau-server-client, as it is, through all that it can do. It knows the default site only.
const { initialize } = require("tableau-server-client");

const [host, username, password, what] = process.argv.slice(2);

async function main() {
  const client = initialize({ baseUrl: host, apiVersion: "3.27" });
  const signIn = await client.authentication.signin({ username, password });
  const tasks = await client.tasks.getExtractRefreshes();
  const [{ extractRefresh }] = tasks.body.tasks.task;
  const refresh =
    what === "task"
      ? await client.tasks.runExtractRefresh(extractRefresh.id)
      : await client.datasources.updateDataSource(extractRefresh.datasource.id);
  const answer = ({ statusCode, body }) => ({ statusCode, body });
  // Its log goes to stdout too: the last line is ours.
  const said = { signIn: answer(signIn), tasks: answer(tasks), refresh: answer(refresh) };
  process.stdout.write(`\n${JSON.stringify(said)}\n`);
}

main().catch((error) => {
  process.stderr.write(`${error.stack}\n`);
  process.exitCode = 1;
});
