import fc from "fast-check";
import { describe, expect, test } from "vitest";
import { EgressAllowError, parseEgressAllow } from "./allowance.ts";
import { createGuard } from "./guard.ts";

function judge(allow: string, url: string): string {
  const verdict = createGuard(parseEgressAllow(allow)).judge(url);
  return verdict.kind === "allowed" ? "allowed" : verdict.reason;
}

describe("parseEgressAllow", () => {
  test("nothing allows nothing", () => {
    expect(parseEgressAllow("")).toEqual([]);
    expect(parseEgressAllow(" , ")).toEqual([]);
  });

  test.each([
    "http://10.0.0.0/8",
    "http://tableau.example/path",
    "http://user@tableau.example",
    "http://",
    "ftp://tableau.example",
    "tableau.example/path",
    "tableau.example:",
    "tableau.example:0",
    "tableau.example:65536",
    "tableau.example:https",
    "user@tableau.example",
    "*.example",
    "bücher.example",
    ".",
    "two words",
    "10.0.0.0/33",
    "10/8",
    "300.0.0.1",
    "[::1",
    "[tableau.example]",
    "fe80::1%eth0",
    "fe80::1%eth0/64",
    "fd00::/129",
  ])("refuses %s and names it", (entry) => {
    const refused = expect(() => parseEgressAllow(`10.0.0.0/8, ${entry}`));
    refused.toThrow(EgressAllowError);
    refused.toThrow(`"${entry}"`);
  });
});

test("whatever is written there, it is read or refused in words", () => {
  const entry = fc.oneof(
    fc.string({ unit: "binary" }),
    fc.stringMatching(/^[0-9a-fx.:/[\]%]{1,24}$/),
    fc.webAuthority(),
  );
  fc.assert(
    fc.property(entry, (text) => {
      try {
        createGuard(parseEgressAllow(text)).judge("http://10.0.0.1/");
      } catch (error) {
        expect(error).toBeInstanceOf(EgressAllowError);
      }
    }),
    { numRuns: 1000 },
  );
});

describe("an allowance", () => {
  test.each([
    ["127.0.0.1:4610", "http://127.0.0.1:4610/"],
    ["127.0.0.1:4610", "http://localhost:4610/"],
    ["localhost:4610", "http://localhost:4610/"],
    ["localhost:4610", "http://127.0.0.1:4610/"],
    ["localhost:4610", "http://[::1]:4610/"],
    ["localhost", "http://LOCALHOST.:9/"],
    ["127.0.0.1", "https://[::ffff:127.0.0.1]:1/"],
    ["[::1]:80", "http://[::1]/"],
    ["::1", "http://[0:0:0:0:0:0:0:1]:8/"],
    ["[::ffff:10.0.0.1]", "https://10.0.0.1/"],
    ["10.0.0.0/8", "https://10.1.2.3:8080/"],
    ["10.9.9.9/8", "https://10.1.2.3/"],
    ["fd00::/8", "https://[fd12::1]/"],
    ["Tableau.Corp.Example", "https://tableau.corp.example:8000/"],
    ["tableau.corp.example.", "https://tableau.corp.example/"],
    ["tableau.corp.example", "https://tableau.corp.example.:444/"],
    ["192.168.1.1:8443, http://tableau.corp.example", "http://tableau.corp.example/"],
    ["http://tableau.corp.example:8000/", "http://tableau.corp.example:8000/"],
    ["HTTP://10.0.0.1:8000", "http://10.0.0.1:8000/"],
    ["http://[fd00::1]:8000", "http://[fd00::1]:8000/"],
    ["https://tableau.corp.example:8443", "https://tableau.corp.example:8443/"],
    ["10.0.0.0/8", "https://whatever.it.resolves.to:8443/"],
    ["127.0.0.0/8", "http://whatever.it.resolves.to/"],
    ["169.254.169.254", "https://169.254.169.254/"],
    ["64:ff9b::/96", "https://[64:ff9b::8.8.8.8]/"],
  ])("%s lets %s through", (allow, url) => {
    expect(judge(allow, url)).toBe("allowed");
  });

  test.each([
    ["127.0.0.1:4610", "http://127.0.0.1:4611/", "address"],
    ["127.0.0.1:4610", "http://[::1]:4610/", "address"],
    ["localhost:4610", "http://localhost:4611/", "address"],
    ["localhost:4610", "http://127.0.0.2:4610/", "address"],
    ["tableau.corp.example:8000", "http://tableau.corp.example:8000/", "scheme"],
    ["tableau.corp.example", "http://tableau.corp.example/", "scheme"],
    ["http://tableau.corp.example:8000", "http://tableau.corp.example:8001/", "scheme"],
    ["http://tableau.corp.example", "https://tableau.corp.example:8443/", "port"],
    ["http://tableau.corp.example:8000", "http://other.corp.example:8000/", "scheme"],
    ["https://tableau.corp.example:8443", "http://tableau.corp.example:8443/", "scheme"],
    ["10.0.0.0/8", "http://10.1.2.3/", "address"],
    ["10.0.0.0/8", "http://whatever.it.resolves.to/", "scheme"],
    ["tableau.corp.example", "http://sub.tableau.corp.example/", "scheme"],
    ["tableau.corp.example", "https://corp.example:444/", "port"],
    ["tableau.corp.example", "https://10.0.0.1/", "address"],
    ["10.0.0.0/8", "https://11.0.0.1:444/", "port"],
    ["10.0.0.0/8", "http://[fd00::1]/", "address"],
    ["10.0.0.0/8", "http://u:p@10.0.0.1/", "userinfo"],
    ["10.0.0.0/8", "ftp://10.0.0.1/", "scheme"],
    ["0.0.0.0/0", "https://[fd00::1]/", "address"],
  ])("%s does not let %s through", (allow, url, reason) => {
    expect(judge(allow, url)).toBe(reason);
  });
});
