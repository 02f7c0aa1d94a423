import { isProblem } from "../../data/problem.ts";
import type { Chart, Note, Picture, Size } from "../../pictures/picture.ts";
import type { Site } from "../../site/site.ts";
import { answerSheet } from "./answer.ts";
import { type Asked, inWords } from "./asked.ts";
import { chartOf } from "./chart.ts";
import type { View } from "./model.ts";
import type { Sheet, Worksheet } from "./sheet.ts";

/** The size of a view that was given none, in pixels. inferred: a dashboard's is that of Tableau's default. */
export function sizeOf(sheet: Sheet): Size {
  return sheet.kind === "worksheet" ? { width: 800, height: 600 } : { width: 1000, height: 800 };
}

/** What a view shows: its worksheet, those on its dashboard, or the first point of its story. */
export function pictureOf(site: Site, view: View, asked: Asked, now: number): Picture {
  const contentOf = (title: string, worksheet: Worksheet): Chart | Note => {
    const answer = answerSheet(site, worksheet, asked, now);
    return isProblem(answer) ? { title, note: noteFor(worksheet, answer.message) } : chartOf(title, worksheet, answer);
  };
  const tilesOf = (sheet: Sheet, name: string): Picture["tiles"] => {
    switch (sheet.kind) {
      case "worksheet":
        return [{ ...whole, content: contentOf(name, sheet) }];
      case "dashboard":
        return sheet.zones.map(({ name: title, worksheet, ...place }) => ({
          ...place,
          content: contentOf(title, worksheet),
        }));
      case "story": {
        const [first] = sheet.points;
        return first === undefined ? [] : tilesOf(first.sheet, first.caption);
      }
    }
  };
  return {
    title: view.name,
    subtitle: [pointsOf(view.sheet), inWords(asked)].filter((part) => part !== "").join("   ·   "),
    tiles: tilesOf(view.sheet, view.name),
  };
}

const whole = { x: 0, y: 0, width: 1, height: 1 };

function pointsOf(sheet: Sheet): string {
  if (sheet.kind !== "story") return "";
  return sheet.points.map(({ caption }, index) => `${index + 1} ${caption}`).join("   ›   ");
}

/** Says what the sandbox cannot read, so that nobody takes an empty picture for the sheet. */
function noteFor({ source }: Worksheet, message: string): string {
  return source === undefined
    ? `This sheet cannot be drawn: ${message}`
    : `This sheet draws from "${source.name}". ${message} The sandbox knows the fields of published files, not their rows.`;
}
