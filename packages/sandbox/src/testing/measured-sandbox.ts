import { startSandbox } from "../sandbox.ts";

// A sandbox in a process of its own, which watches how much memory it takes. It speaks over IPC: its keys when it is
// ready, and its memory, in bytes, when asked.
const sandbox = await startSandbox({ port: 0, host: "127.0.0.1" });
let most = 0;
setInterval(() => {
  most = Math.max(most, process.memoryUsage.rss());
}, 10);

process.on("message", (asked) => {
  if (asked === "forget") most = process.memoryUsage.rss();
  process.send?.({ now: process.memoryUsage.rss(), most });
});
process.once("disconnect", async () => {
  await sandbox.close();
  process.exit();
});
process.send?.({ keys: sandbox.keys });
