import fc from "fast-check";
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { openTestSandbox, type SignedIn, type TestSandbox } from "../testing/client.ts";
import { seeded } from "../testing/publishing.ts";
import {
  bundleRequest,
  equals,
  looksAt,
  type PulseClient,
  pulseOf,
  pulseSchemas,
  specification,
} from "../testing/pulse.ts";

let sandbox: TestSandbox;
let ana: SignedIn;
let pulse: PulseClient;
let superstore: string;
beforeAll(async () => {
  sandbox = await openTestSandbox();
  ana = await sandbox.administrator();
  pulse = pulseOf(sandbox, ana);
  superstore = (await seeded(ana, "datasources", "Superstore Datasource")).id;
});
afterAll(() => sandbox.close());

const { definition: one, definitions: several, page, metric: oneMetric, metrics: severalMetrics } = pulseSchemas;

const make = async (name: string, more: object = {}) => {
  const body = { name, specification: specification(superstore, "Quantity"), ...more };
  return (await pulse.read(one, "POST", "/definitions", body)).definition;
};
const filtered = (value: string) => {
  const made = specification(superstore);
  made.basic_specification.filters = [equals("City", value)];
  return made;
};

describe("definitions", () => {
  test("are seeded, with metrics, and come page by page", async () => {
    const all = await pulse.read(several, "GET", "/definitions?view=DEFINITION_VIEW_FULL");
    const { total_available: total, next_page_token: end } = page.parse(all);
    expect(all.definitions.length).toBe(total);
    expect([total > 10, end]).toEqual([true, ""]);
    for (const { metrics, total_metrics: count } of all.definitions) {
      expect(metrics).toHaveLength(count);
      expect(metrics.filter((metric) => metric.is_default)).toHaveLength(1);
    }
    const names: string[] = [];
    for (let token = "", turns = 0; turns < 10; turns++) {
      const part = await pulse.read(several, "GET", `/definitions?page_size=5&page_token=${token}`);
      names.push(...part.definitions.map(({ metadata }) => metadata.name));
      token = page.parse(part).next_page_token;
      if (token === "") break;
    }
    expect(names).toEqual(all.definitions.map(({ metadata }) => metadata.name));
  });

  test("show no metric, the default one, or so many", async () => {
    const [first] = (await pulse.read(several, "GET", "/definitions?page_size=1")).definitions;
    expect(first?.metrics).toEqual([]);
    const path = `/definitions/${first?.metadata.id}`;
    const shown = async (query: string) => (await pulse.read(one, "GET", `${path}?${query}`)).definition.metrics.length;
    expect(await shown("view=DEFINITION_VIEW_DEFAULT")).toBe(1);
    expect(await shown("view=DEFINITION_VIEW_FULL&number_of_metrics=2")).toBe(2);
    expect(await pulse.code("GET", `${path}?view=EVERYTHING`)).toBe("400961");
  });

  test("are made with a default metric, changed part by part, and taken away with their metrics", async () => {
    const made = await make("Units for now", { extension_options: { allowed_dimensions: ["Region"] }, unknown: 1 });
    expect(made).toMatchObject({ total_metrics: 1, representation_options: { type: "NUMBER_FORMAT_TYPE_NUMBER" } });
    const path = `/definitions/${made.metadata.id}`;
    const changed = await pulse.read(one, "PATCH", path, { name: "Units", certification: { is_certified: true } });
    expect(changed.definition).toMatchObject({
      metadata: { name: "Units", definition_version: 2, last_updated_user: { id: ana.user.id } },
      extension_options: { allowed_dimensions: ["Region"] },
      certification: { is_certified: true },
    });
    const [metric] = made.metrics;
    expect((await pulse.call("DELETE", path)).status).toBe(204);
    expect(await pulse.code("GET", path)).toBe("404900");
    expect(await pulse.code("GET", `/metrics/${metric?.id}`)).toBe("404901");
  });

  test("come in batches by GET and by POST; what is not there is told beside", async () => {
    const { definitions } = await pulse.read(several, "GET", "/definitions?page_size=3");
    const ids = definitions.map(({ metadata }) => metadata.id);
    const asked = [...ids, "nothing"];
    const byPost = await pulse.read(several, "POST", "/definitions:batchGet", { definition_ids: asked });
    expect(byPost.definitions.map(({ metadata }) => metadata.id)).toEqual(ids);
    expect(byPost.errors).toMatchObject([{ definition_id: "nothing", code: "404900" }]);
    const byGet = await pulse.read(several, "GET", `/definitions:batchGet?definition_ids=${ids.join(",")}`);
    expect(byGet.definitions).toEqual(byPost.definitions);
    expect(await pulse.code("POST", "/definitions:batchGet", {})).toBe("400000");
  });

  type Specification = ReturnType<typeof specification>;
  const wrong = (change: (made: Specification) => object) => ({
    name: "Wrong",
    specification: change(specification(superstore)),
  });
  const basic = (more: object) => (made: Specification) => ({
    ...made,
    basic_specification: { ...made.basic_specification, ...more },
  });
  const same = (made: Specification) => made;
  test.each<[string, string, () => object]>([
    ["no name", "400912", () => ({ specification: specification(superstore) })],
    ["no data source", "400913", () => wrong(({ datasource: _, ...rest }) => rest)],
    ["another's data source", "404939", () => wrong((made) => ({ ...made, datasource: { id: "nothing" } }))],
    ["nothing to measure", "400987", () => wrong(({ basic_specification: _, ...rest }) => rest)],
    ["a viz state", "400935", () => wrong((made) => ({ ...made, viz_state_specification: { viz_state_string: "x" } }))],
    ["no measure", "400901", () => ({ name: "Wrong", specification: specification(superstore, "") })],
    ["no aggregation", "400914", () => ({ name: "Wrong", specification: specification(superstore, "Sales", "") })],
    [
      "an unknown aggregation",
      "400921",
      () => ({ name: "Wrong", specification: specification(superstore, "Sales", "SUM") }),
    ],
    ["an unknown field", "404932", () => ({ name: "Wrong", specification: specification(superstore, "Nothing") })],
    ["a sum of names", "400975", () => ({ name: "Wrong", specification: specification(superstore, "Region") })],
    ["a sum of a ratio", "400930", () => ({ name: "Wrong", specification: specification(superstore, "Profit Ratio") })],
    ["no time", "400902", () => wrong(basic({ time_dimension: { field: "" } }))],
    ["a name for a time", "400974", () => wrong(basic({ time_dimension: { field: "City" } }))],
    ["a filter of no field", "400900", () => wrong(basic({ filters: [equals("", "x")] }))],
    [
      "a filter without operator",
      "400940",
      () => wrong(basic({ filters: [{ ...equals("City", "x"), operator: "=" }] })),
    ],
    ["a filter without values", "400941", () => wrong(basic({ filters: [equals("City")] }))],
    ["an unknown dimension", "400965", () => ({ ...wrong(same), extension_options: { allowed_dimensions: ["Moon"] } })],
    [
      "an unknown granularity",
      "400936",
      () => ({ ...wrong(same), extension_options: { allowed_granularities: ["HOURLY"] } }),
    ],
    ["the same name", "409903", () => ({ name: "Sales", specification: filtered("Boston") })],
    ["the same measure", "409902", () => wrong(same)],
  ])("are refused with %s", async (_, code, body) => {
    expect(await pulse.code("POST", "/definitions", body())).toBe(code);
  });

  test("are refused with a wrong page", async () => {
    expect(await pulse.code("GET", "/definitions?page_size=0")).toBe("400959");
    expect(await pulse.code("GET", "/definitions?page_token=nonsense")).toBe("400740");
  });
});

describe("metrics", () => {
  test("are made once for each way to look at a definition, and found again by it", async () => {
    const made = await make("Units to look at", { specification: filtered("Seattle") });
    const ask = {
      definition_id: made.metadata.id,
      specification: looksAt("QUARTER", "LAST_COMPLETE", "NONE", [equals("Region", "West")]),
    };
    const created = await pulse.read(oneMetric, "POST", "/metrics:getOrCreate", ask);
    expect(created).toMatchObject({ is_metric_created: true, metric: { is_default: false } });
    const again = await pulse.read(oneMetric, "POST", "/metrics:getOrCreate", ask);
    expect(again).toMatchObject({ is_metric_created: false, metric: { id: created.metric.id } });
    expect(await pulse.code("POST", "/metrics", ask)).toBe("409901");
    const other = await pulse.read(oneMetric, "POST", "/metrics", { ...ask, specification: looksAt("YEAR") });
    const listed = await pulse.read(severalMetrics, "GET", `/definitions/${made.metadata.id}/metrics`);
    expect(page.parse(listed).total_available).toBe(3);
    expect(listed.metrics.map(({ id }) => id)).toEqual([made.metrics[0]?.id, created.metric.id, other.metric.id]);
    const ids = [created.metric.id, "nothing", other.metric.id];
    const batch = await pulse.read(severalMetrics, "POST", "/metrics:batchGet", { metric_ids: ids });
    expect(batch.metrics).toEqual(listed.metrics.slice(1));
    expect(await pulse.read(severalMetrics, "GET", `/metrics:batchGet?metric_ids=${ids.join()}`)).toEqual(batch);
  });

  test("are changed and taken away, but for the default one", async () => {
    const made = await make("Units to change", { specification: filtered("Denver") });
    const ask = { definition_id: made.metadata.id, specification: looksAt("DAY") };
    const { metric } = await pulse.read(oneMetric, "POST", "/metrics", ask);
    const changed = await pulse.read(oneMetric, "PATCH", `/metrics/${metric.id}`, {
      specification: looksAt("WEEK"),
      goals: { target: { value: 5 } },
    });
    expect(changed.metric).toMatchObject({ metric_version: 2, goals: { target: { value: 5 } } });
    expect(await pulse.code("PATCH", `/metrics/${metric.id}`, { specification: looksAt() })).toBe("409901");
    expect((await pulse.call("DELETE", `/metrics/${metric.id}`)).status).toBe(204);
    expect(await pulse.code("DELETE", `/metrics/${made.metrics[0]?.id}`)).toBe("400915");
  });

  test.each([
    ["400945", { filters: [] }],
    ["400946", { ...looksAt(), measurement_period: { range: "RANGE_LAST_COMPLETE" } }],
    ["400936", looksAt("HOUR")],
    ["400947", looksAt("DAY", "ALL")],
    ["400948", { measurement_period: looksAt().measurement_period }],
    ["400949", looksAt("DAY", "LAST_COMPLETE", "UNSPECIFIED")],
    ["404932", looksAt("DAY", "LAST_COMPLETE", "NONE", [equals("Moon", "x")])],
  ])("are refused with %s", async (code, specified) => {
    const [first] = (await pulse.read(several, "GET", "/definitions?page_size=1")).definitions;
    const ask = { definition_id: first?.metadata.id, specification: specified };
    expect(await pulse.code("POST", "/metrics:getOrCreate", ask)).toBe(code);
  });
});

describe("who may", () => {
  test("see definitions: whoever sees their data source; make them: whoever may define metrics there", async () => {
    const viewer = pulseOf(sandbox, await sandbox.viewer());
    const seen = (await viewer.read(several, "GET", "/definitions")).definitions;
    const all = (await pulse.read(several, "GET", "/definitions")).definitions;
    expect(seen.length).toBeLessThanOrEqual(all.length);
    const [definition] = seen;
    const path = `/definitions/${definition?.metadata.id}`;
    const id = definition?.specification.datasource.id ?? "";
    expect(await viewer.code("POST", "/definitions", { name: "Mine", specification: specification(id) })).toBe(
      "403905",
    );
    expect(await viewer.code("PATCH", path, { name: "Mine" })).toBe("403902");
    expect(await viewer.code("DELETE", path)).toBe("403903");
  });

  test("call what: a JWT's session within its scopes, and nobody without a session", async () => {
    const scoped = pulseOf(sandbox, await sandbox.byJwt(["tableau:insight_definitions_metrics:read"]));
    expect((await scoped.call("GET", "/definitions")).status).toBe(200);
    expect(await scoped.code("GET", "/subscriptions")).toBe("401002");
    expect(await pulseOf(sandbox, { token: "" }).code("GET", "/definitions")).toBe("401002");
  });

  test("have Pulse: sites where it is on", async () => {
    const turn = (pulseEnabled: boolean) => {
      const headers = { "content-type": "application/json" };
      return ana.call(`/sites/${ana.site.id}`, {
        method: "PUT",
        body: JSON.stringify({ site: { pulseEnabled } }),
        headers,
      });
    };
    expect((await turn(false)).status).toBe(200);
    const answer = await pulse.call("GET", "/definitions");
    expect([answer.status, answer.headers.get("tableau_error_code")]).toEqual([400, "0xd3408984"]);
    await turn(true);
    expect((await pulse.call("GET", "/definitions")).status).toBe(200);
  });

  test("have Pulse: Tableau Cloud, and Tableau Server not even the address", async () => {
    const server = await openTestSandbox({ edition: "server" });
    const { token } = await server.administrator();
    const answer = await server.call("/api/-/pulse/definitions", {
      headers: { "x-tableau-auth": token, accept: "application/json" },
    });
    expect([answer.status, await answer.json()]).toEqual([404, { error: expect.any(Object) }]);
    await server.close();
  });
});

test("whatever is sent, an error has Pulse's shape and is nobody's fault here", async () => {
  const path = fc.constantFrom(
    ...["/definitions", "/definitions:batchGet", "/metrics", "/metrics:getOrCreate", "/metrics:batchGet"],
    ...[
      "/subscriptions",
      "/subscriptions:batchCreate",
      "/insights/ban",
      "/insights/brief",
      "/insights/nothing",
      "/nothing",
    ],
  );
  const bundle = bundleRequest(specification("x"), looksAt());
  const body = fc.oneof(
    fc.json(),
    fc.string(),
    fc.constantFrom("", "{", "null", "[]"),
    fc.jsonValue().map((input) => JSON.stringify({ ...bundle.bundle_request, input })),
    fc
      .jsonValue()
      .map((specified) =>
        JSON.stringify({ name: "x", definition_id: "x", specification: specified, messages: specified }),
      ),
  );
  await fc.assert(
    fc.asyncProperty(path, body, async (to, sent) => {
      const response = await pulse.call("POST", to, sent);
      expect(response.status).toBeLessThan(500);
      if (response.status >= 400) expect(await response.json()).toHaveProperty("code");
    }),
  );
});
