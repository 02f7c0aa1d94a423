#!/usr/bin/env node
import "../older-node.mjs";
import "../../src/cli.ts";
