import { day, type Generation } from "../../site/generation.ts";
import type { Random } from "../../site/random.ts";
import type { Revision } from "./model.ts";

const megabyte = 1024 * 1024;

type Published = { size: number; fileType: string; createdAt: number; updatedAt: number };

/** What was published before, up to what is there now: each a little smaller than the next. */
export function generateRevisions({ authors }: Generation, random: Random, item: Published): Revision[] {
  const count = random.between(1, 4);
  return Array.from({ length: count }, (_, index) => {
    const isCurrent = index === count - 1;
    const publishedAt = item.createdAt + Math.floor(((item.updatedAt - item.createdAt) * index) / count / day) * day;
    return {
      number: index + 1,
      publishedAt: isCurrent ? item.updatedAt : publishedAt,
      publisher: random.pick(authors),
      size: isCurrent ? item.size * megabyte : Math.ceil((item.size * megabyte * (index + 1)) / count),
      file: undefined,
      fileType: item.fileType,
    };
  });
}
