/** A scope of Tableau's connected apps: `tableau:<resource>:<action>`. */
export type Scope = `tableau:${string}:${string}`;

export function isScope(written: string): written is Scope {
  return /^tableau:[^:]+:[^:]+$/.test(written);
}

/**
 * Whether a session's scopes hold the one that a route needs. `*` may stand for the resource or for the action
 * (Tableau help, "Access scopes for connected apps": wildcard scopes).
 */
export function holds(scopes: readonly string[], needed: Scope): boolean {
  const [, resource, action] = needed.split(":");
  return scopes.some((scope) => {
    const [product, ofResource, ofAction, ...rest] = scope.split(":");
    if (product !== "tableau" || rest.length > 0) return false;
    return (ofResource === resource || ofResource === "*") && (ofAction === action || ofAction === "*");
  });
}
