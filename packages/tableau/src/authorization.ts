import type { Carried } from "@easel/connector";

/** How a session is carried: in Tableau's own header, or as the access token that it is (tableau-mcp sends these so). */
export function authorization({ token, carriedAs }: Carried): Record<string, string> {
  return carriedAs === "bearer" ? { authorization: `Bearer ${token}` } : { "x-tableau-auth": token };
}
