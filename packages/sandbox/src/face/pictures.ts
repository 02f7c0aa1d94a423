import type { FastifyInstance, FastifyRequest } from "fastify";
import { fontBytes } from "../pictures/fonts.ts";
import { nothingAsked } from "../rest/views/asked.ts";
import { pictureOf, sizeOf } from "../rest/views/picture.ts";
import type { World } from "../world.ts";
import { siteOf, viewOf } from "./find.ts";

/** How wide the pictures on the walls are, in pixels: twice what they are shown at, for sharp screens. */
const thumbnailWidth = 600;

/** A picture on a page may be this old, in ms. */
const maxAge = 60_000;

type PictureRequest = FastifyRequest<{ Params: Record<string, string> }>;

/** What the pages show that is not markup: views as PNG, and the fonts. */
export function registerPictures(app: FastifyInstance, world: World): void {
  app.get("/site/:site/views/:workbook/:view/:size(thumbnail|full).png", async ({ params }: PictureRequest, reply) => {
    const site = siteOf(world, params.site);
    const view = site && viewOf(site, params);
    if (site === undefined || view === undefined) return reply.code(404).send();
    const size = sizeOf(view.sheet);
    const zoom = params.size === "full" ? 2 : thumbnailWidth / size.width;
    const key = JSON.stringify(["face", site.id, view.id, view.workbook.updatedAt, params.size]);
    const made = await world.pictures.take(key, maxAge, () => ({
      kind: "png",
      picture: pictureOf(site, view, nothingAsked, world.clock()),
      size,
      zoom,
    }));
    if (typeof made === "string") return reply.code(503).send();
    return reply
      .headers({ "content-type": "image/png", "cache-control": "max-age=60", "x-content-type-options": "nosniff" })
      .send(Buffer.from(made.buffer, made.byteOffset, made.byteLength));
  });
  for (const weight of ["regular", "semibold"] as const) {
    app.get(`/__sandbox/face/${weight}.ttf`, (_request, reply) =>
      reply.headers({ "content-type": "font/ttf", "cache-control": "max-age=86400" }).send(fontBytes(weight)),
    );
  }
}
