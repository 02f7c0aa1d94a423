import { describe, expect, test } from "vitest";
import { cloud, connectedApp, context, credential, password, pat, probe } from "./answers.fixture.ts";
import {
  asksSite,
  blankForm,
  currentMethod,
  faultField,
  missingFields,
  otherMethods,
  targetOf,
  typedValues,
} from "./form.ts";
import type { ConnectForm } from "./state.ts";

const found = (answer = probe(), change: Partial<ConnectForm> = {}): ConnectForm => ({
  ...blankForm(context()),
  address: { kind: "found", text: "as pasted", probe: answer },
  ...change,
});
const trust = { ...cloud, username: "ana@acme.com", problem: null };
const withTrust = context({ methods: [connectedApp, pat, password], trust });

describe("the ways to sign in", () => {
  test("Tableau Cloud never offers a password", () => {
    expect(currentMethod(context(), found())?.id).toBe("pat");
    expect(otherMethods(context(), found())).toEqual([]);
  });

  test("a server offers it among the other ways", () => {
    expect(otherMethods(context(), found(probe({ edition: "server" }))).map(({ id }) => id)).toEqual(["password"]);
  });

  test("a chosen method that does not work at the address gives way to the best one", () => {
    expect(currentMethod(context(), found(probe(), { methodId: "password" }))?.id).toBe("pat");
  });

  test("with a trust there is nothing to type, and its server and site are taken", () => {
    const form = blankForm(withTrust);
    expect(currentMethod(withTrust, form)?.id).toBe("connectedApp");
    expect(targetOf(withTrust, form)).toEqual(cloud);
    expect(missingFields(withTrust, form)).toEqual([]);
  });

  test("a trust that cannot be used for this person is not offered", () => {
    const problem = { code: "x", message: "No.", action: "Ask." };
    const broken = context({ methods: [connectedApp, pat], trust: { ...trust, problem } });
    expect(currentMethod(broken, blankForm(broken))?.id).toBe("pat");
  });
});

describe("the site", () => {
  test("is asked for only where neither address nor project says it", () => {
    expect(asksSite(context(), found().address)).toBe(false);
    expect(asksSite(context(), found(probe({ site: null })).address)).toBe(true);
    const fixed = context({ fixed: { serverUrl: cloud.serverUrl, site: "" } });
    expect(asksSite(fixed, found(probe({ site: null })).address)).toBe(false);
  });

  test("may be left empty on a server, where that is the default site, and not on Tableau Cloud", () => {
    const values = { tokenName: "a", tokenSecret: "b" };
    expect(missingFields(context(), found(probe({ site: null, edition: "server" }), { values }))).toEqual([]);
    expect(missingFields(context(), found(probe({ site: null }), { values }))).toEqual(["site"]);
  });

  test("of the project wins over the one in the address", () => {
    const fixed = context({ fixed: { serverUrl: cloud.serverUrl, site: "sales" } });
    expect(targetOf(fixed, found())?.site).toBe("sales");
  });
});

test("only the fields of the method that is shown are sent, and only secrets keep their blanks", () => {
  const values = { tokenName: " name ", tokenSecret: " secret ", password: "left from another way" };
  expect(typedValues(pat, found(probe(), { values }))).toEqual({ tokenName: "name", tokenSecret: " secret " });
});

test("reconnecting begins with the address, site and method of the credential", () => {
  const form = blankForm(context(), { reconnecting: credential({ site: "a b" }) });
  expect(form.address.text).toBe("https://10ax.online.tableau.com/#/site/a%20b");
  expect(form).toMatchObject({ methodId: "pat", site: "a b" });
});

describe("a refused sign-in is shown", () => {
  const at = (field: string | null, answer = probe()) => {
    const fault = { code: "c", message: "m", action: "a", status: 422, requestId: null, at: field };
    return faultField(context(), found(answer, { fault }));
  };

  test("at the field it is about, where that is on the page", () => {
    expect(at("tokenSecret")).toBe("tokenSecret");
    expect(at("site", probe({ site: null }))).toBe("site");
    expect(at("password")).toBeNull();
    expect(at(null)).toBeNull();
  });

  test("at the address, where the site came with it", () => {
    expect(at("site")).toBe("address");
  });
});
