import { createTableauConnector } from "@easel/tableau";
import { expect, test } from "vitest";
import { startTestEasel } from "../testing/test-easel.ts";
import { isOfferedAt, worksAt } from "./target.ts";

test("a password is for Tableau Server, and for Tableau Cloud only where the project names it", async () => {
  const easel = await startTestEasel();
  try {
    const { methods } = createTableauConnector({ clock: Date.now });
    const offered = async (named: readonly string[] | null, serverUrl: string, edition: "cloud" | "server") => {
      await easel.project.manage("/integrations/tableau", { method: "PATCH", json: { methods: named } });
      const [integration] = (await easel.easel.projects.get(easel.project.id)).integrations;
      if (integration === undefined) throw new Error("There is no integration.");
      const server = { serverUrl, edition, productVersion: "2025.3.0", apiVersion: "3.27" };
      const there = methods.filter((method) => worksAt(integration, method, server, { serverUrl, site: "acme" }));
      for (const method of there) expect(isOfferedAt(integration, method, server)).toBe(true);
      return there.map(({ id }) => id).filter((id) => named === null || named.includes(id));
    };
    const cloud = "https://10ax.online.tableau.com";
    expect(await offered(null, "https://bi.acme.example", "server")).toEqual(["pat", "password"]);
    expect(await offered(null, cloud, "cloud")).toEqual(["pat"]);
    expect(await offered(["pat"], cloud, "cloud")).toEqual(["pat"]);
    expect(await offered(["pat", "password"], cloud, "cloud")).toEqual(["pat", "password"]);
  } finally {
    await easel.close();
  }
});
