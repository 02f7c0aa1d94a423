import { textWidth } from "../text.ts";
import type { SvgElement } from "./svg-tree.ts";

type Document = PDFKit.PDFDocument;

/** What elements have from those around them. */
type Inherited = { fill: string; stroke: string };

/** Gradients and clip paths by the ids that others refer to. */
type Definitions = ReadonlyMap<string, SvgElement>;

/**
 * Draws an SVG of ours on the current page as vectors, and its text as text. It knows what `drawSvg` writes: groups,
 * paths, lines, rectangles, text, clip paths and linear gradients.
 */
export function drawOnPage(document: Document, root: SvgElement): void {
  const definitions = new Map<string, SvgElement>();
  collect(root, definitions);
  drawAll(document, root.children, { fill: "#000000", stroke: "none" }, definitions);
}

function collect(element: SvgElement, into: Map<string, SvgElement>): void {
  if (element.attributes.id !== undefined) into.set(element.attributes.id, element);
  for (const child of element.children) collect(child, into);
}

function drawAll(document: Document, elements: readonly SvgElement[], inherited: Inherited, known: Definitions): void {
  for (const element of elements) {
    if (element.name === "defs") continue;
    document.save();
    transform(document, element.attributes.transform ?? "");
    clipBy(document, element, known);
    const { fill = inherited.fill, stroke = inherited.stroke } = element.attributes;
    drawOne(document, element, { fill: colorOf(fill), stroke: colorOf(stroke) }, known);
    document.restore();
  }
}

function drawOne(document: Document, element: SvgElement, inherited: Inherited, known: Definitions): void {
  const { name, attributes } = element;
  const number = (key: string): number => Number(attributes[key] ?? 0);
  switch (name) {
    case "g":
    case "svg":
      drawAll(document, element.children, inherited, known);
      return;
    case "path":
      paint(document, attributes.d ?? "", element, inherited, known);
      return;
    case "line":
      paint(document, `M${number("x1")},${number("y1")}L${number("x2")},${number("y2")}`, element, inherited, known);
      return;
    case "rect":
      paint(document, rectanglePath(attributes), element, inherited, known);
      return;
    case "text":
      write(document, element, inherited);
      return;
  }
}

function rectanglePath({ x = "0", y = "0", width = "0", height = "0" }: SvgElement["attributes"]): string {
  return `M${x},${y}h${width}v${height}h${-Number(width)}Z`;
}

/** `translate(…)`, `rotate(…)` and `scale(…)`, in the order in which they are written. */
function transform(document: Document, written: string): void {
  for (const [, kind, numbers = ""] of written.matchAll(/(\w+)\(([^)]*)\)/g)) {
    const [first = 0, second] = numbers.split(/[\s,]+/).map(Number);
    if (kind === "translate") document.translate(first, second ?? 0);
    else if (kind === "rotate") document.rotate(first);
    else if (kind === "scale") document.scale(first, second ?? first);
  }
}

function clipBy(document: Document, { attributes }: SvgElement, known: Definitions): void {
  const clip = referred(attributes["clip-path"], known);
  for (const { name, attributes: shape } of clip?.children ?? []) {
    document.path(name === "rect" ? rectanglePath(shape) : (shape.d ?? "M0,0")).clip();
  }
}

function referred(reference: string | undefined, known: Definitions): SvgElement | undefined {
  const [, id] = /^url\(["']?#([^"')]+)["']?\)$/.exec(reference ?? "") ?? [];
  return id === undefined ? undefined : known.get(id);
}

function paint(document: Document, path: string, element: SvgElement, inherited: Inherited, known: Definitions): void {
  const { attributes } = element;
  const width = Number(attributes["stroke-width"] ?? 1);
  const isStroked = isPaint(inherited.stroke) && width > 0;
  const isFilled = isPaint(inherited.fill);
  if (path === "" || (!isStroked && !isFilled)) return;
  const opacity = Number(attributes.opacity ?? 1);
  document.fillOpacity(opacity * Number(attributes["fill-opacity"] ?? 1));
  document.strokeOpacity(opacity * Number(attributes["stroke-opacity"] ?? 1));
  if (isStroked) {
    const { "stroke-linecap": cap, "stroke-linejoin": join } = attributes;
    document.lineWidth(width).lineCap(capOf(cap)).lineJoin(joinOf(join));
    const [dash = 0, space = 0] = (attributes["stroke-dasharray"] ?? "").split(/[\s,]+/).map(Number);
    if (dash > 0 && space > 0) document.dash(dash, { space });
  }
  const gradient = referred(inherited.fill, known);
  const fill = gradient === undefined ? inherited.fill : gradientOf(document, gradient, boundsOf(path));
  document.path(path);
  if (isFilled && isStroked) document.fillAndStroke(fill, inherited.stroke);
  else if (isFilled) document.fill(fill);
  else document.stroke(inherited.stroke);
}

/** PDFKit reads hexadecimal colours and names; scales write `rgb(61, 111, 168)`. */
function colorOf(written: string): string {
  const parts = /^rgb\((\d+), ?(\d+), ?(\d+)\)$/.exec(written)?.slice(1);
  return parts === undefined ? written : `#${parts.map((part) => Number(part).toString(16).padStart(2, "0")).join("")}`;
}

function isPaint(color: string): boolean {
  return color !== "none" && color !== "transparent" && color !== "";
}

function capOf(written: string | undefined) {
  return written === "round" || written === "square" ? written : "butt";
}

function joinOf(written: string | undefined) {
  return written === "round" || written === "bevel" ? written : "miter";
}

type Bounds = { left: number; top: number; right: number; bottom: number };

/** A gradient, whose ends SVG gives in parts of what it fills. */
function gradientOf(document: Document, { attributes, children }: SvgElement, bounds: Bounds): PDFKit.PDFGradient {
  const across = (part: string | undefined): number => bounds.left + Number(part ?? 0) * (bounds.right - bounds.left);
  const down = (part: string | undefined): number => bounds.top + Number(part ?? 0) * (bounds.bottom - bounds.top);
  const { x1, y1, x2, y2 } = attributes;
  const gradient = document.linearGradient(across(x1), down(y1), across(x2), down(y2));
  for (const stop of children) {
    gradient.stop(Number(stop.attributes.offset ?? 0), colorOf(stop.attributes["stop-color"] ?? "#000000"));
  }
  return gradient;
}

/** The bounds of a path of straight lines: what is filled by gradients has no others. */
function boundsOf(path: string): Bounds {
  const bounds = { left: Infinity, top: Infinity, right: -Infinity, bottom: -Infinity };
  let [x, y] = [0, 0];
  for (const [, command = "", written = ""] of path.matchAll(/([MLHVhv])([^A-Za-z]*)/g)) {
    const numbers = written
      .split(/[\s,]+/)
      .filter((part) => part !== "")
      .map(Number);
    const steps = command === "M" || command === "L" ? numbers.length / 2 : numbers.length;
    for (let step = 0; step < steps; step++) {
      const one = numbers[step] ?? 0;
      if (command === "M" || command === "L") [x, y] = [numbers[2 * step] ?? 0, numbers[2 * step + 1] ?? 0];
      else if (command === "H" || command === "h") x = command === "H" ? one : x + one;
      else y = command === "V" ? one : y + one;
      bounds.left = Math.min(bounds.left, x);
      bounds.right = Math.max(bounds.right, x);
      bounds.top = Math.min(bounds.top, y);
      bounds.bottom = Math.max(bounds.bottom, y);
    }
  }
  return bounds;
}

function write(document: Document, { attributes, text }: SvgElement, { fill }: Inherited): void {
  if (text === "" || !isPaint(fill)) return;
  const size = Number.parseFloat(attributes["font-size"] ?? "11");
  const isBold = attributes["font-weight"] === "bold" || Number(attributes["font-weight"] ?? 400) >= 600;
  const weight = isBold ? "semibold" : "regular";
  const width = textWidth(text, size, weight);
  const anchor = attributes["text-anchor"];
  const left = anchor === "end" ? -width : anchor === "middle" ? -width / 2 : 0;
  document.fillOpacity(Number(attributes.opacity ?? 1) * Number(attributes["fill-opacity"] ?? 1));
  document.font(weight).fontSize(size).fillColor(fill);
  document.text(text, Number(attributes.x ?? 0) + left, Number(attributes.y ?? 0), {
    lineBreak: false,
    baseline: "alphabetic",
  });
}
