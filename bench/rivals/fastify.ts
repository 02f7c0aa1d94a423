import proxy from "@fastify/http-proxy";
import Fastify from "fastify";

/** `node fastify.ts UPSTREAM`: @fastify/http-proxy as its README sets it up, with as many connections as Easel has. */

const app = Fastify({ keepAliveTimeout: 60_000 });
await app.register(proxy, { upstream: process.argv[2] ?? "", undici: { connections: 256 } });
console.log(`listening ${await app.listen({ host: "127.0.0.1", port: 0 })}`);
