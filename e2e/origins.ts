import { inject } from "vitest";

const instance = inject("easel");

/** The page of a product that embeds Easel, on an origin of its own: `product.localhost`, another site than Easel's. */
export function productPage(name = "product"): string {
  return `${originOf(name)}/?easel=${encodeURIComponent(instance.origin)}`;
}

/** The origin of a product's pages. Every name below localhost is this computer (RFC 6761), and is an origin of its own. */
export function originOf(name: string): string {
  return `http://${name}.localhost:${inject("productPort")}`;
}

/** Where the tests of the contract run. */
export const embeddings = [
  { where: "from the demo's origin", page: instance.demoOrigin },
  { where: "from a third origin", page: productPage() },
];

/** The only hosts that pages may have to do with there. */
export function hostsOf(page: string): string[] {
  return [new URL(instance.origin).host, new URL(page).host].sort();
}

/** A person of the sandbox by site role. The viewer's token is revoked by a test: no other may use it. */
export function personWith(role: "SiteAdministratorCreator" | "Explorer" | "Viewer") {
  const person = instance.sandbox.users.find((user) => user.role === role);
  if (person === undefined) throw new Error(`The sandbox has no ${role}.`);
  return person;
}
