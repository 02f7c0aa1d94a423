import { createSocket } from "node:dgram";
import { Resolver } from "node:dns/promises";
import { once } from "node:events";
import { isIP } from "node:net";
import { type Answer, decode, encode } from "dns-packet";
import type { Resolve } from "../egress/connector.ts";

/** A name server on loopback, whose answers change when a test says so, and a resolver that asks it and nobody else. */
export interface DnsServer {
  readonly resolve: Resolve;
  /** From now on, for a name and whatever is below it: addresses, or another name that it stands for. */
  answer(name: string, ...values: readonly string[]): void;
  /** Questions about a name so far. */
  asked(name: string): number;
  close(): Promise<void>;
}

export async function startDnsServer(): Promise<DnsServer> {
  const records = new Map<string, readonly string[]>();
  const asked = new Map<string, number>();
  const socket = createSocket("udp4");

  const answersTo = (name: string, type: string): Answer[] => {
    const owner = [...records.keys()].find((known) => name === known || name.endsWith(`.${known}`));
    return (records.get(owner ?? "") ?? []).flatMap((value): Answer[] => {
      const family = isIP(value);
      if (family === 0) return [{ type: "CNAME", name, ttl: 0, data: value }, ...answersTo(value, type)];
      if (type === "A" && family === 4) return [{ type: "A", name, ttl: 0, data: value }];
      if (type === "AAAA" && family === 6) return [{ type: "AAAA", name, ttl: 0, data: value }];
      return [];
    });
  };

  socket.on("message", (message, from) => {
    const query = decode(message);
    const [question] = query.questions ?? [];
    if (question === undefined) return;
    const name = question.name.toLowerCase();
    asked.set(name, (asked.get(name) ?? 0) + 1);
    const answers = answersTo(name, question.type);
    const packet = { type: "response" as const, id: query.id ?? 0, questions: [question], answers };
    socket.send(encode({ ...packet, flags: 0x8400 }), from.port, from.address);
  });
  socket.bind(0, "127.0.0.1");
  await once(socket, "listening");
  const resolver = new Resolver({ timeout: 2000, tries: 1 });
  resolver.setServers([`127.0.0.1:${socket.address().port}`]);

  return {
    resolve: async (host) => {
      const found = await Promise.allSettled([resolver.resolve4(host), resolver.resolve6(host)]);
      const addresses = found.flatMap((one) => (one.status === "fulfilled" ? one.value : []));
      if (addresses.length > 0) return addresses;
      throw found.find((one) => one.status === "rejected")?.reason ?? new Error(`Nobody knows ${host}.`);
    },
    answer: (name, ...values) => void records.set(name.toLowerCase(), values),
    asked: (name) => asked.get(name.toLowerCase()) ?? 0,
    close: async () => {
      socket.close();
      await once(socket, "close");
    },
  };
}
