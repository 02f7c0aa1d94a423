import { expect, test } from "vitest";
import { personOf } from "./people.ts";

test("a user name that is an e-mail is the person's e-mail, and its local part their name", () => {
  expect(personOf({ name: "ana.silva@acme.example", role: "Viewer" })).toEqual({
    id: "ana.silva@acme.example",
    name: "Ana Silva",
    email: "ana.silva@acme.example",
    role: "Viewer",
  });
});

test("a plain user name gets an e-mail at Acme", () => {
  expect(personOf({ name: "ben", role: "ExplorerCanPublish" })).toMatchObject({
    name: "Ben",
    email: "ben@acme.example",
    role: "Explorer, can publish",
  });
});
