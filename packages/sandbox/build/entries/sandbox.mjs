import "../older-node.mjs";

export * from "../../src/sandbox.ts";
