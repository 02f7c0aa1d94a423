/**
 * Does a list of permissions hold this scope? A `*` in a permission stands for any resource or action; the scope
 * `tableau:*:*` (what no other scope covers) is held only by `tableau:*:*` itself.
 */
export function permits(permissions: readonly string[], scope: string): boolean {
  const wanted = scope.split(":");
  return permissions.some((permission) => {
    const parts = permission.split(":");
    return parts.length === wanted.length && parts.every((part, at) => part === wanted[at] || (part === "*" && at > 0));
  });
}
