import type { FastifyInstance } from "fastify";
import { sql } from "kysely";
import type { Changes } from "../database/changes.ts";
import type { DatabaseAccess } from "../database/database.ts";

const LOOK_MS = 2000;

/**
 * `GET /health/live`: the process answers. `GET /health/ready`: it can do its work, so send it requests; 503 where the
 * database cannot be reached, changes are not heard, or it is shutting down.
 */
export function healthRoutes(
  app: FastifyInstance,
  { database, changes }: { database: DatabaseAccess; changes: Changes },
): void {
  let isClosing = false;
  app.addHook("preClose", async () => {
    isClosing = true;
  });
  app.get("/health/live", { config: { access: "public" } }, async () => ({ status: "live" }));
  app.get("/health/ready", { config: { access: "public" } }, async (_request, reply) => {
    const checks = { database: await answers(database), changes: changes.isListening(), open: !isClosing };
    const isReady = Object.values(checks).every(Boolean);
    return reply.code(isReady ? 200 : 503).send({ status: isReady ? "ready" : "not ready", checks });
  });
}

async function answers(database: DatabaseAccess): Promise<boolean> {
  const late = new Promise<boolean>((resolve) => setTimeout(resolve, LOOK_MS, false).unref());
  const asked = sql`select 1`.execute(database.db).then(
    () => true,
    () => false,
  );
  return Promise.race([asked, late]);
}
