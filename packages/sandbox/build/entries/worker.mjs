import "../older-node.ts";
import "../../src/pictures/worker.ts";
