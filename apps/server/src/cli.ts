import { join } from "node:path";
import { Command, Option } from "@commander-js/extra-typings";
import { readClaim, readDuration, readName, readPort, readUser } from "./cli/options.ts";
import { type Config, readConfig } from "./config.ts";
import { readInstance } from "./instance/instance.ts";
import { inWords, Refusal } from "./refusal.ts";
import { newKey } from "./vault/keys.ts";

/** `npm run -s easel -- <command>`: what is asked for goes to stdout, everything else to stderr. */

const config = (): Config => readConfig(process.env, process.cwd());
const print = (value: unknown): void =>
  void process.stdout.write(`${typeof value === "string" ? value : JSON.stringify(value)}\n`);

// What only some commands need is loaded when they are called: help and keys come at once.
const withEasel: typeof import("./cli/with-easel.ts").withEasel = async (settings, run) =>
  (await import("./cli/with-easel.ts")).withEasel(settings, run);

const program = new Command("easel").description("Set up and look after an Easel instance.").showHelpAfterError();

program
  .command("sandbox")
  .description(
    "Run the Tableau sandbox alone, until SIGTERM. Prints its address and test credentials as one line of JSON.",
  )
  .option("--port <number>", "port on 127.0.0.1; 0 takes a free one", readPort, 4610)
  .action(async ({ port }) => {
    const dataDirectory = join(config().dataDirectory, "sandbox");
    const { startSandbox } = await import("@easel/sandbox");
    const sandbox = await startSandbox({ port, host: "127.0.0.1", dataDirectory }).catch((error: unknown) => {
      const isTaken = error instanceof Error && "code" in error && error.code === "EADDRINUSE";
      throw isTaken ? new Refusal(`Another program uses port ${port}. Choose another with --port.`) : error;
    });
    print(sandbox.keys);
    await new Promise<void>((resolve) => {
      for (const signal of ["SIGTERM", "SIGINT", "disconnect"]) process.once(signal, () => resolve());
    });
    await sandbox.close();
    process.exit(0);
  });

program
  .command("demo")
  .description("The running instance's demo project and the sandbox's test credentials.")
  .option("--json", "as JSON, the only form there is")
  .action(async () => {
    const { runningDemo } = await import("./cli/token.ts");
    const { signingKey: _signingKey, ...demo } = await runningDemo(config());
    print(demo);
  });

program
  .command("token")
  .description("A user token of the demo project, as Acme would sign it.")
  .requiredOption("--user <id>", "the connected user: the token's sub", readUser)
  .option("--claim <key=value>", "a further claim; may be repeated", readClaim, {})
  .option("--expires <duration>", "how long it is good, e.g. 45s, 10m, 1h", readDuration, 3600)
  .action(async ({ user, claim, expires }) => {
    const { mintDemoToken, runningDemo } = await import("./cli/token.ts");
    const demo = await runningDemo(config());
    print(await mintDemoToken(demo, { user, claims: claim, lifetimeS: expires, now: Date.now() }));
  });

const apiKey = program.command("api-key").description("Keys for the management API.");
apiKey
  .command("create")
  .description("Create a key. It is printed once; Easel keeps its hash.")
  .requiredOption("--project <id>", "the project it opens")
  .addOption(
    new Option("--role <role>", "what it may do")
      .choices(["admin", "member", "support"] as const)
      .default("member" as const),
  )
  .option("--name <name>", "what the key is called in lists", readName, "Command line")
  .action(async ({ project, role, name }) => {
    const { key } = await withEasel(config(), async (easel) =>
      easel.apiKeys.create((await easel.projects.get(project)).id, name, role),
    );
    print(key);
  });

const project = program.command("project").description("Projects.");
project
  .command("create")
  .description("Create a project with a signing key. Prints both ids and the private key, once, as JSON.")
  .requiredOption("--name <name>", "what people see, e.g. the product's name", readName)
  .action(async ({ name }) => {
    const created = await withEasel(config(), async (easel) => {
      const { id, integrations } = await easel.projects.create({ name });
      return { projectId: id, integrationId: integrations[0]?.id, signingKey: await easel.signingKeys.create(id) };
    });
    const { projectId, integrationId, signingKey } = created;
    print({ projectId, integrationId, signingKey: { kid: signingKey.id, privateKey: signingKey.privateKey } });
  });

program
  .command("invite")
  .description(
    "A link that lets the first person in: good once, for thirty minutes, while nobody has claimed the instance.",
  )
  .option("--json", 'as {"url": …}')
  .action(async ({ json }) => {
    const settings = config();
    // The running instance knows its own address better than this shell's variables do.
    const origin = readInstance(settings.dataDirectory)?.origin ?? settings.origin;
    const path = await withEasel(settings, async (easel) => {
      const [first] = await easel.projects.list();
      if (first === undefined)
        throw new Refusal("There is no project yet: `easel project create --name NAME` makes one.");
      return easel.firstRun.link(first.id);
    });
    if (path === null)
      throw new Refusal("This instance is claimed already. `easel api-key create` makes further keys.");
    print(json === true ? { url: origin + path } : origin + path);
  });

const keys = program.command("keys").description("Keys that seal secrets.");
keys
  .command("new")
  .description(
    "Print a new key for EASEL_KEYS. The first of the list seals; keep the older ones behind it to open what they sealed.",
  )
  .action(() => print(newKey()));

try {
  await program.parseAsync();
} catch (error) {
  process.stderr.write(`${inWords(error)}\n`);
  process.exitCode = 1;
}
