import "../older-node.mjs";
import "../../src/pictures/worker.ts";
