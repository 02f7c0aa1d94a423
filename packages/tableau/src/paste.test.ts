import fc from "fast-check";
import { describe, expect, test } from "vitest";
import { readAddress } from "./paste.ts";

const pod = "https://10ax.online.tableau.com";

describe("a pasted address", () => {
  test.each<[string, string, string | null]>([
    // Tableau Cloud
    [`${pod}/#/site/acme/home`, pod, "acme"],
    [`${pod}/#/site/acme`, pod, "acme"],
    [`${pod}/#/site/acme/`, pod, "acme"],
    [`${pod}/#/site/acme/views/Superstore/Overview?:iid=1`, pod, "acme"],
    [`${pod}/#/site/acme?x=1`, pod, "acme"],
    [`${pod}#/site/acme/workbooks/123/views`, pod, "acme"],
    [`${pod}/#%2Fsite%2Facme%2Fhome`, pod, "acme"],
    [`${pod}/t/acme/views/Superstore/Overview?:embed=y&:showVizHome=no`, pod, "acme"],
    [`${pod}/site/acme`, pod, "acme"],
    [`${pod}/pulse/site/acme/metrics/1`, pod, "acme"],
    [`${pod}/api/3.27/sites/9f0c8a4e-5b1d-4c7a-8e2f-0a1b2c3d4e5f/projects`, pod, null],
    [`${pod}/signin?x=1`, pod, null],
    [`${pod}/#/signin`, pod, null],
    [`${pod}/#/home`, pod, null],
    [`${pod}/#/`, pod, null],
    [`${pod}/`, pod, null],
    [pod, pod, null],
    ["10ax.online.tableau.com", pod, null],
    ["10ax.online.tableau.com/#/site/acme", pod, "acme"],
    ["HTTPS://10AX.Online.Tableau.com/#/site/Acme", pod, "Acme"],
    ["http://10ax.online.tableau.com/#/site/acme", pod, "acme"],
    ["https://10ax.online.tableau.com:443/t/acme/views/a/b", pod, "acme"],
    ["https://10ax.online.tableau.com./#/site/acme", pod, "acme"],
    ["https://prod-useast-b.online.tableau.com/#/site/acme", "https://prod-useast-b.online.tableau.com", "acme"],
    ["online.tableau.com", "https://online.tableau.com", null],
    [`  <${pod}/#/site/acme/home>, `, pod, "acme"],
    [`"${pod}/#/site/acme"`, pod, "acme"],
    // Tableau Server
    ["https://bi.acme.com/#/home", "https://bi.acme.com", ""],
    ["https://bi.acme.com/#/views/Sales/Overview?:iid=2", "https://bi.acme.com", ""],
    ["https://bi.acme.com/#/projects/5", "https://bi.acme.com", ""],
    ["https://bi.acme.com/views/Sales/Overview", "https://bi.acme.com", ""],
    ["https://bi.acme.com/trusted/abc123/views/Sales/Overview", "https://bi.acme.com", ""],
    ["https://bi.acme.com/trusted/abc123/t/emea/views/Sales/Overview", "https://bi.acme.com", "emea"],
    ["https://bi.acme.com/#/site/emea/explore", "https://bi.acme.com", "emea"],
    ["https://bi.acme.com/#/site/EMEA%20North/explore", "https://bi.acme.com", "EMEA North"],
    ["https://bi.acme.com", "https://bi.acme.com", null],
    ["https://bi.acme.com/index.html", "https://bi.acme.com", null],
    ["bi.acme.com:8000", "https://bi.acme.com:8000", null],
    ["https://bi.acme.com:8443/t/emea/views/a/b", "https://bi.acme.com:8443", "emea"],
    ["https:/bi.acme.com/", "https://bi.acme.com", null],
    ["http:bi.acme.com", "http://bi.acme.com", null],
    ["//bi.acme.com/t/emea", "https://bi.acme.com", "emea"],
    ["http://tableau/#/site/emea", "http://tableau", "emea"],
    ["tableau:8000/#/home", "https://tableau:8000", ""],
    ["https://bi.acme.com/tableau", "https://bi.acme.com/tableau", null],
    ["https://bi.acme.com/tableau/", "https://bi.acme.com/tableau", null],
    ["https://bi.acme.com/tableau/#/site/emea/home", "https://bi.acme.com/tableau", "emea"],
    ["https://bi.acme.com/tools/tableau/t/emea/views/a/b", "https://bi.acme.com/tools/tableau", "emea"],
    ["https://10.0.0.5/#/site/emea", "https://10.0.0.5", "emea"],
    ["https://[2001:db8::1]:8000/#/home", "https://[2001:db8::1]:8000", ""],
    ["http://localhost:4610/#/site/x", "http://localhost:4610", "x"],
    ["http://localhost:4610", "http://localhost:4610", null],
    ["localhost:4610/#/site/x", "http://localhost:4610", "x"],
    ["127.0.0.1:4610", "http://127.0.0.1:4610", null],
  ])("%s", (text, serverUrl, site) => {
    expect(readAddress(text)).toEqual({ kind: "read", serverUrl, site });
  });

  test.each([
    ["", "empty"],
    ["   ", "empty"],
    ["acme", "a name"],
    ["my tableau", "space"],
    ["ana@acme.com", "e-mail"],
    ["https://ana:pw@bi.acme.com/", "password"],
    ["mailto:ana@acme.com", "e-mail"],
    ["https://sso.online.tableau.com/public/idp/SSO?x=1", "sign-in page"],
    ["https://public.tableau.com/app/profile/ana", "Tableau Public"],
    ["https://www.tableau.com/products", "no site"],
    ["https://cloudmanager.tableau.com/", "no site"],
    ["ftp://bi.acme.com/", "neither https nor http"],
    ["file:///etc/passwd", "as an address"],
    ["javascript:alert(1)", "as an address"],
    ["https://", "as an address"],
    ["https://bi.acme.com\\@evil.example/", "backslash"],
    ["https://bi.acme.com/#/site/%E0%A4%A", "site's name"],
    ["https://bi.acme.com/#/site/a%2F..%2Fb%00", "site's name"],
    ["https://bi.acme.com/%2e%2e%5c/t/x", "site's name"],
    [`https://bi.acme.com/${"a".repeat(2048)}`, "longer"],
  ])("%s is unreadable, and says why", (text, reason) => {
    expect(readAddress(text)).toMatchObject({
      kind: "unreadable",
      problem: { code: "tableau_address_unreadable", params: { reason: expect.stringContaining(reason) } },
    });
  });

  test("of any kind gives an origin that can be called, or a reason", () => {
    const text = fc.oneof(
      fc.string(),
      fc.webUrl({ withFragments: true, withQueryParameters: true }),
      fc
        .array(
          fc.constantFrom(
            "https://",
            "bi.acme.com",
            "/",
            "#",
            "site",
            "t",
            "acme",
            "%2f",
            "..",
            "@",
            ":80",
            "?",
            "\\",
            "é",
            "[",
            "",
          ),
        )
        .map((pieces) => pieces.join("")),
    );
    fc.assert(
      fc.property(text, (pasted) => {
        const read = readAddress(pasted);
        if (read.kind === "unreadable") return;
        const url = new URL(read.serverUrl);
        expect(["http:", "https:"]).toContain(url.protocol);
        expect(url.username + url.password + url.search + url.hash).toBe("");
        expect(read.serverUrl).not.toMatch(/\/$/);
        expect(`${url.origin}${url.pathname === "/" ? "" : url.pathname}`).toBe(read.serverUrl);
        // What was read reads the same again.
        expect(readAddress(read.serverUrl)).toEqual({ kind: "read", serverUrl: read.serverUrl, site: null });
      }),
      { numRuns: 1000 },
    );
  });
});
