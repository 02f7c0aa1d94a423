import { inspect } from "node:util";
import fc from "fast-check";
import { describe, expect, test } from "vitest";
import { newDataKey, openDataKey, rewrapDataKey } from "./data-key.ts";
import { newKey, parseKeys } from "./keys.ts";
import { createVault, VaultError } from "./vault.ts";

const oldKey = newKey();
const vault = createVault(parseKeys(oldKey));
const bytes = fc.uint8Array({ maxLength: 300 }).map((array) => Buffer.from(array));

function refusal(act: () => unknown): VaultError {
  try {
    act();
  } catch (error) {
    if (error instanceof VaultError) return error;
    throw error;
  }
  throw new Error("It was opened.");
}

describe("a sealed secret", () => {
  test("opens to what was sealed", () => {
    fc.assert(
      fc.property(bytes, fc.string({ unit: "binary" }), (secret, context) => {
        expect(vault.open(vault.seal(secret, context), context).equals(secret)).toBe(true);
      }),
    );
  });

  test("opens to the text that was sealed", () => {
    expect(vault.open(vault.seal("pâté 🎨", "a"), "a").toString()).toBe("pâté 🎨");
  });

  test("never looks the same twice, and does not show the secret", () => {
    const secret = "correct horse battery staple";
    const [one, two] = [vault.seal(secret, "a"), vault.seal(secret, "a")];
    expect(one.equals(two)).toBe(false);
    expect(one.includes(secret)).toBe(false);
  });

  test("does not open in another context", () => {
    fc.assert(
      fc.property(bytes, fc.string(), fc.string(), (secret, context, other) => {
        fc.pre(context !== other);
        const error = refusal(() => vault.open(vault.seal(secret, context), other));
        expect(error).toMatchObject({ code: "vault_cannot_open", reason: "notAuthentic" });
      }),
    );
  });

  test("does not open after any bit has changed", () => {
    const envelope = vault.seal("secret", "credential:1:secrets");
    for (let bit = 0; bit < envelope.length * 8; bit += 1) {
      const changed = Buffer.from(envelope);
      changed[bit >> 3] = (changed[bit >> 3] ?? 0) ^ (1 << (bit & 7));
      expect(refusal(() => vault.open(changed, "credential:1:secrets")).code).toBe("vault_cannot_open");
    }
  });

  test("does not open when cut or lengthened, and what is no envelope is refused as such", () => {
    const envelope = vault.seal("secret", "a");
    for (let length = 0; length < envelope.length; length += 1) {
      expect(refusal(() => vault.open(envelope.subarray(0, length), "a")).code).toBe("vault_cannot_open");
    }
    expect(refusal(() => vault.open(Buffer.concat([envelope, Buffer.of(0)]), "a")).reason).toBe("notAuthentic");
    fc.assert(fc.property(bytes, (noise) => refusal(() => vault.open(noise, "a")).code === "vault_cannot_open"));
  });

  test("does not open with another key of the same id", () => {
    const ringOf = (fill: number) => parseKeys(`k:${Buffer.alloc(32, fill).toString("base64")}`);
    const envelope = createVault(ringOf(1)).seal("secret", "a");
    expect(refusal(() => createVault(ringOf(2)).open(envelope, "a"))).toMatchObject({
      reason: "notAuthentic",
      keyId: "k",
    });
  });
});

describe("rotation", () => {
  const rotated = createVault(parseKeys(`${newKey()},${oldKey}`));
  const envelope = vault.seal("secret", "a");

  test("a new first key seals, and the old one still opens", () => {
    expect(rotated.open(envelope, "a").toString()).toBe("secret");
    expect(rotated.needsReseal(envelope)).toBe(true);
    const resealed = rotated.seal(rotated.open(envelope, "a"), "a");
    expect(rotated.needsReseal(resealed)).toBe(false);
    expect(vault.needsReseal(envelope)).toBe(false);
  });

  test("without its key a secret stays closed, and the error names the key", () => {
    const id = oldKey.slice(0, oldKey.indexOf(":"));
    const error = refusal(() => createVault(parseKeys(newKey())).open(envelope, "a"));
    expect(error).toMatchObject({ code: "vault_cannot_open", reason: "keyMissing", keyId: id });
    expect(error.message).toContain(id);
  });
});

describe("a project's data key", () => {
  const wrapped = newDataKey(vault, "p1");

  test("opens what the project sealed, as often as it is unwrapped", () => {
    const envelope = openDataKey(vault, "p1", wrapped).seal("secret", "a");
    expect(openDataKey(vault, "p1", wrapped).open(envelope, "a").toString()).toBe("secret");
  });

  test("belongs to one project", () => {
    expect(refusal(() => openDataKey(vault, "p2", wrapped)).reason).toBe("notAuthentic");
    const envelope = openDataKey(vault, "p1", wrapped).seal("secret", "a");
    const other = openDataKey(vault, "p2", newDataKey(vault, "p2"));
    expect(refusal(() => other.open(envelope, "a")).reason).toBe("notAuthentic");
  });

  test("survives the rotation of the instance's keys", () => {
    const rotatedKeys = `${newKey()},${oldKey}`;
    const rotated = createVault(parseKeys(rotatedKeys));
    const envelope = openDataKey(vault, "p1", wrapped).seal("secret", "a");
    expect(rotated.needsReseal(wrapped)).toBe(true);
    const rewrapped = rewrapDataKey(rotated, "p1", wrapped);
    const withoutOld = createVault(parseKeys(rotatedKeys.slice(0, rotatedKeys.indexOf(","))));
    expect(openDataKey(withoutOld, "p1", rewrapped).open(envelope, "a").toString()).toBe("secret");
  });
});

test("a key ring that is logged shows no key", () => {
  const ring = parseKeys(oldKey);
  const key = oldKey.slice(oldKey.indexOf(":") + 1);
  expect(inspect(ring, { depth: 9, showHidden: true })).not.toContain(key);
  expect(inspect(createVault(ring), { depth: 9, showHidden: true })).not.toContain(key);
  expect(JSON.stringify({ ring, keys: [...ring.keys] })).not.toContain(key);
});
