import { request as httpRequest, type IncomingMessage } from "node:http";
import { type FakeTableau, startFakeTableau } from "../testing/fake-tableau.ts";
import { startTestEasel, type TestEasel, type TestProject } from "../testing/test-easel.ts";

/** An Easel whose user `ana` is on the sandbox and whose user `fake` is on a Tableau that does as a test tells it. */
export interface HelpedEasel {
  readonly easel: TestEasel;
  readonly project: TestProject;
  readonly fake: FakeTableau;
  call(user: string, path: string, init?: Parameters<TestProject["call"]>[2]): Promise<Response>;
  /** Sends a request and gives its answer unread. */
  open(user: string, path: string, headers?: Record<string, string>): Promise<IncomingMessage>;
  /** The newest row of the usage record for a user. */
  lastCall(): Promise<Record<string, unknown> | undefined>;
  close(): Promise<void>;
}

export async function startHelpedEasel(options: Parameters<typeof startTestEasel>[0] = {}): Promise<HelpedEasel> {
  const fake = await startFakeTableau();
  const easel = await startTestEasel({ ...options, egressAllow: [fake.host] });
  const { project } = easel;
  await project.connect("ana");
  const secret = { tokenName: "easel", tokenSecret: "the secret" };
  await project.connect("fake", { serverUrl: fake.url, site: "acme", method: "pat", ...secret });
  return {
    easel,
    project,
    fake,
    call: (user, path, init) => project.call(user, `/sdk/proxy/tableau${path}`, init),
    open: async (user, path, headers = {}) => {
      const authorization = `Bearer ${await project.token(user)}`;
      const url = `${easel.origin}/projects/${project.id}/sdk/proxy/tableau${path}`;
      return new Promise((resolve, reject) => {
        httpRequest(url, { headers: { authorization, ...headers } })
          .on("response", resolve)
          .on("error", reject)
          .end();
      });
    },
    lastCall: async () => {
      const { calls } = (await (await project.manage("/usage")).json()) as { calls: Record<string, unknown>[] };
      return calls[0];
    },
    close: async () => {
      await easel.close();
      await fake.close();
    },
  };
}
