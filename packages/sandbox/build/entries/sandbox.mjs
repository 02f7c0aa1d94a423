import "../older-node.ts";

export * from "../../src/sandbox.ts";
