import fc from "fast-check";
import { describe, expect, test } from "vitest";
import { parseEgressAllow } from "./allowance.ts";
import { createGuard } from "./guard.ts";

const guard = createGuard([]);

function judge(url: string): string {
  const verdict = guard.judge(url);
  return verdict.kind === "allowed" ? "allowed" : verdict.reason;
}

/** Every class of address that is not anyone's on the internet, first and last where it is a range. */
const refusedV4 = {
  "this network": ["0.0.0.0", "0.255.255.255"],
  loopback: ["127.0.0.1", "127.255.255.255"],
  private: ["10.0.0.0", "10.255.255.255", "172.16.0.0", "172.31.255.255", "192.168.0.0", "192.168.255.255"],
  "shared (carrier-grade NAT)": ["100.64.0.0", "100.127.255.255"],
  "link-local, metadata": ["169.254.0.0", "169.254.169.254", "169.254.255.255"],
  "protocol assignments": ["192.0.0.0", "192.0.0.255"],
  documentation: ["192.0.2.1", "198.51.100.1", "203.0.113.1"],
  "6to4 relays": ["192.88.99.1"],
  benchmarking: ["198.18.0.0", "198.19.255.255"],
  multicast: ["224.0.0.0", "239.255.255.255"],
  reserved: ["240.0.0.0", "255.255.255.254"],
  broadcast: ["255.255.255.255"],
  "Azure's host": ["168.63.129.16"],
};
const refusedV6 = {
  unspecified: ["::"],
  loopback: ["::1"],
  "IPv4-compatible": ["::127.0.0.1", "::8.8.8.8"],
  "IPv4-mapped": ["::ffff:127.0.0.1", "::ffff:8.8.8.8", "::ffff:a00:1"],
  "IPv4-translated": ["::ffff:0:10.0.0.1"],
  NAT64: ["64:ff9b::10.0.0.1", "64:ff9b::8.8.8.8", "64:ff9b:1::1", "64:ff9b:1:ffff:ffff:ffff:ffff:ffff"],
  discard: ["100::1"],
  Teredo: ["2001::1", "2001:0:ffff::1"],
  "protocol assignments": ["2001:2::1", "2001:10::1", "2001:20::1", "2001:1ff:ffff::1"],
  documentation: ["2001:db8::1", "3fff::1"],
  "6to4": ["2002::1", "2002:7f00:1::", "2002:ffff:ffff::1"],
  "unique-local": ["fc00::1", "fdff:ffff::1", "fd00:ec2::254"],
  "link-local": ["fe80::1", "febf::1"],
  "site-local": ["fec0::1"],
  multicast: ["ff02::1", "ffff::1"],
  "not given out": ["1::1", "4000::1", "8000::1", "e000::1"],
};

describe("an address that is not public is refused, written in a URL or resolved from a name", () => {
  const rows = Object.entries(refusedV4).flatMap(([kind, list]) => list.map((one) => [kind, one] as const));
  test.each(rows)("IPv4 %s: %s", (_, address) => {
    expect(judge(`https://${address}/`)).toBe("address");
    expect(resolvedTo(address)).toBe(false);
  });

  const rows6 = Object.entries(refusedV6).flatMap(([kind, list]) => list.map((one) => [kind, one] as const));
  test.each(rows6)("IPv6 %s: %s", (_, address) => {
    expect(judge(`https://[${address}]/`)).toBe("address");
    expect(resolvedTo(address)).toBe(false);
  });

  test.each(["localhost", "LOCALHOST", "localhost.", "tableau.localhost", "a.b.localhost."])("%s", (host) => {
    expect(judge(`https://${host}/`)).toBe("address");
  });

  test.each(["", "nonsense", "127.1", "fe80::1%eth0", "::1%lo"])("a resolver's %o", (address) => {
    expect(resolvedTo(address)).toBe(false);
  });
});

function resolvedTo(address: string, allow = "", url = "https://tableau.example/"): boolean {
  const verdict = guard.judge(url);
  const target = verdict.kind === "allowed" ? verdict.target : null;
  if (target === null) throw new Error(`${url} is refused`);
  return createGuard(parseEgressAllow(allow)).permits(target, address);
}

test.each(["1.1.1.1", "8.8.8.8", "100.63.255.255", "100.128.0.0", "172.15.255.255", "172.32.0.0", "223.255.255.255"])(
  "the public address %s is allowed",
  (address) => {
    expect(judge(`https://${address}/`)).toBe("allowed");
    expect(resolvedTo(address)).toBe(true);
  },
);
test.each(["2606:4700::1111", "2a00:1450:4001::1", "2001:4860:4860::8888", "2001:200::1"])(
  "and so is %s",
  (address) => {
    expect(judge(`https://[${address}]/`)).toBe("allowed");
    expect(resolvedTo(address)).toBe(true);
  },
);

test.each([
  ["https://tableau.example/", "allowed"],
  ["https://tableau.example:443/#/site/acme", "allowed"],
  ["http://tableau.example/", "scheme"],
  ["http://tableau.example:443/", "scheme"],
  ["ws://tableau.example/", "scheme"],
  ["file:///etc/passwd", "scheme"],
  ["javascript:alert(1)", "scheme"],
  ["https://tableau.example:8443/", "port"],
  ["https://8.8.8.8:22/", "port"],
  ["https://user@tableau.example/", "userinfo"],
  ["https://:secret@tableau.example/", "userinfo"],
  ["https://8.8.8.8@127.0.0.1/", "userinfo"],
  ["tableau.example", "unreadable"],
  ["https://", "unreadable"],
  ["https://[::1/", "unreadable"],
  ["https://1.2.3.4.5/", "unreadable"],
  ["", "unreadable"],
])("%s: %s", (url, verdict) => {
  expect(judge(url)).toBe(verdict);
});

test("whatever is typed or resolved, it is judged", () => {
  const judged = createGuard(parseEgressAllow("tableau.example, 10.0.0.0/8, fd00::/8"));
  const target = { origin: "https://tableau.example", secure: true, host: "tableau.example", port: 443 };
  fc.assert(
    fc.property(fc.oneof(fc.string({ unit: "binary" }), fc.webUrl(), fc.ipV4Extended(), fc.ipV6()), (text) => {
      expect(["allowed", "forbidden"]).toContain(judged.judge(text).kind);
      expect([true, false]).toContain(judged.permits(target, text));
    }),
  );
});

describe("a name that is allowed by configuration", () => {
  test.each(["10.0.0.1", "192.168.0.1", "127.0.0.1", "::1", "fd00::1", "100.64.0.1", "8.8.8.8", "2606:4700::1111"])(
    "may lead to %s",
    (address) => {
      expect(resolvedTo(address, "tableau.example")).toBe(true);
      expect(resolvedTo(address, "tableau.example:444")).toBe(resolvedTo(address));
    },
  );

  test.each([
    "169.254.169.254",
    "::ffff:169.254.169.254",
    "64:ff9b::169.254.169.254",
    "fd00:ec2::254",
    "fd20:ce::254",
    "100.100.100.200",
    "168.63.129.16",
    "fe80::1",
    "0.0.0.0",
    "::",
    "255.255.255.255",
    "224.0.0.1",
  ])("does not lead to %s, unless that is allowed too", (address) => {
    expect(resolvedTo(address, "tableau.example")).toBe(false);
    expect(resolvedTo(address, `tableau.example, ${address}`)).toBe(true);
  });
});

describe("names and networks together", () => {
  const allow = "tableau.corp.example:8443, http://old.corp.example:8000, 10.0.0.0/8, 192.168.7.7:9443";
  const permits = (url: string, address: string): boolean => {
    const judged = createGuard(parseEgressAllow(allow));
    const verdict = judged.judge(url);
    return verdict.kind === "allowed" && judged.permits(verdict.target, address);
  };

  test.each([
    ["https://tableau.corp.example:8443/", "192.168.1.1", true],
    ["https://tableau.corp.example:8443/", "10.1.1.1", true],
    ["https://tableau.corp.example/", "192.168.1.1", false],
    ["https://tableau.corp.example/", "10.1.1.1", true],
    ["https://tableau.corp.example/", "8.8.8.8", true],
    ["https://tableau.corp.example:8444/", "8.8.8.8", false],
    ["http://tableau.corp.example:8443/", "10.1.1.1", false],
    ["http://old.corp.example:8000/", "192.168.1.1", true],
    ["http://old.corp.example:8000/", "8.8.8.8", true],
    ["http://old.corp.example:8000/", "169.254.169.254", false],
    ["https://old.corp.example/", "192.168.1.1", false],
    ["https://any.example:1234/", "10.1.1.1", true],
    ["https://any.example:1234/", "::ffff:10.1.1.1", true],
    ["https://any.example:1234/", "11.1.1.1", false],
    ["http://any.example:1234/", "10.1.1.1", false],
    ["https://any.example:9443/", "192.168.7.7", true],
    ["https://any.example/", "192.168.7.7", false],
  ])("%s that leads to %s: %s", (url, address, is) => {
    expect(permits(url, address)).toBe(is);
  });
});

test("an address that is allowed may be reached by any name, on its port", () => {
  expect(resolvedTo("10.0.0.1", "10.0.0.0/8")).toBe(true);
  expect(resolvedTo("10.0.0.1", "10.0.0.1:443")).toBe(true);
  expect(resolvedTo("10.0.0.1", "10.0.0.1:444")).toBe(false);
});

describe("however it is spelled, a private address is refused", () => {
  const octet = fc.nat(255);
  const privateV4 = fc.oneof(
    fc.tuple(fc.constantFrom(0, 10, 127), octet, octet, octet),
    fc.tuple(fc.constant(172), fc.integer({ min: 16, max: 31 }), octet, octet),
    fc.tuple(fc.constant(192), fc.constant(168), octet, octet),
    fc.tuple(fc.constant(169), fc.constant(254), octet, octet),
    fc.tuple(fc.constant(100), fc.integer({ min: 64, max: 127 }), octet, octet),
    fc.tuple(fc.integer({ min: 224, max: 255 }), octet, octet, octet),
  );
  const radix = fc.constantFrom(
    (n: number) => String(n),
    (n: number) => `0x${n.toString(16)}`,
    (n: number) => `0X00${n.toString(16).toUpperCase()}`,
    (n: number) => `0${n.toString(8)}`,
    (n: number) => `000${n.toString(8)}`,
  );
  /** The last of one to four parts stands for all octets that are left (WHATWG URL, "IPv4 parser"). */
  const loose = fc
    .tuple(privateV4, fc.integer({ min: 1, max: 4 }), fc.array(radix, { minLength: 4, maxLength: 4 }))
    .map(([octets, count, write]) => {
      const rest = octets.slice(count - 1).reduce((sum, one) => sum * 256 + one, 0);
      return [...octets.slice(0, count - 1), rest].map((part, index) => write[index]?.(part) ?? "").join(".");
    });
  const disguise = fc.constantFrom(
    (text: string) => text,
    (text: string) => `${text}.`,
    (text: string) => text.replaceAll(".", "。"),
    (text: string) => text.replaceAll(".", "%2e"),
    (text: string) => text.replace(/[0-9]/g, (digit) => String.fromCodePoint(0xff10 + Number(digit))),
    (text: string) => text.replace(/[0-9]/g, (digit) => `%3${digit}`),
    (text: string) => text.replace(/[1-9]/g, (digit) => String.fromCodePoint(0x245f + Number(digit))),
  );
  const scheme = fc.constantFrom("https://", "HTTPS:\\\\", "https:", " https:///", "ht\ntps://");

  test("IPv4", () => {
    fc.assert(
      fc.property(scheme, loose, disguise, (before, host, dress) => {
        expect(judge(`${before}${dress(host)}/auth/signin`)).toBe("address");
      }),
      { numRuns: 1000 },
    );
  });

  const word = fc.nat(0xffff);
  const inV6 = privateV4.chain(([a, b, c, d]) => {
    const [high, low] = [a * 256 + b, c * 256 + d].map((one) => one.toString(16));
    return fc.constantFrom(
      `::ffff:${a}.${b}.${c}.${d}`,
      `::FFFF:${high}:${low}`,
      `0:0:0:0:0:ffff:${high}:${low}`,
      `::${a}.${b}.${c}.${d}`,
      `::ffff:0:${high}:${low}`,
      `64:ff9b::${a}.${b}.${c}.${d}`,
      `64:ff9b:1::${high}:${low}`,
      `2002:${high}:${low}::`,
      `2001:0:${high}:${low}::1`,
    );
  });
  const privateV6 = fc
    .tuple(
      fc.constantFrom([0xfc00, 0x01ff], [0xfe80, 0x3f], [0xff00, 0xff]),
      fc.array(word, { minLength: 8, maxLength: 8 }),
    )
    .map(([[base = 0, mask = 0], words]) =>
      words.map((one, index) => (index === 0 ? base | (one & mask) : one).toString(16)).join(":"),
    );

  test("IPv6", () => {
    fc.assert(
      fc.property(scheme, fc.oneof(inV6, privateV6), (before, host) => {
        expect(judge(`${before}[${host}]/`)).toBe("address");
      }),
      { numRuns: 1000 },
    );
  });
});
