import { z } from "zod";
import type { Problem } from "../acme/problem.ts";

/** The part of Easel's error body that people are shown; what is missing is said in general words. */
const bodySchema = z.object({
  message: z.string(),
  code: z.string().optional(),
  status: z.number().int().optional(),
  action: z.string().default(""),
  requestId: z.string().optional(),
});

/**
 * What an error of the SDK says, in words. The SDK has three ways to fail: `request` throws an Error whose `response` is
 * Easel's error body; every other call throws one whose message is that body as JSON; and what never reached Easel is
 * the browser's own TypeError.
 */
export function problemOfError(error: unknown, easelOrigin: string): Problem {
  if (!(error instanceof Error)) return { message: "The call failed.", action: "Try again." };
  const response = "response" in error ? bodySchema.safeParse(error.response) : undefined;
  if (response?.success) return response.data;
  const body = bodySchema.safeParse(parseJson(error.message));
  if (body.success) return body.data;
  if (error.name === "OAuthBlockedError")
    return { message: "The browser blocked the window.", action: "Allow pop-ups for Acme and try again." };
  if (error.name === "OAuthTimeoutError")
    return { message: "The window stayed open for too long.", action: "Start again when you are ready." };
  if (error instanceof TypeError || error.message.includes("Failed to fetch"))
    return {
      message: `Easel cannot be reached at ${easelOrigin}.`,
      action: "Start it with npm start, then try again.",
      code: "easel_unreachable",
    };
  return { message: error.message, action: "" };
}

function parseJson(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    return undefined;
  }
}
