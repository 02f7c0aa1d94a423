import { createCache } from "../database/cache.ts";
import type { Changes } from "../database/changes.ts";
import type { Integration } from "../integrations/integrations.ts";
import type { Trust } from "../trusts/trust.ts";
import type { Trusts } from "../trusts/trusts.ts";
import { organisationOf } from "./claims.ts";

/** Whom a trust would sign in, and where. */
export interface Person {
  readonly projectId: string;
  readonly integration: Integration;
  readonly claims: Readonly<Record<string, unknown>>;
  /** Of the credential, for machines that use it without a user token. */
  readonly organisation: string | null;
}

/**
 * The trust that signs a person in: their organisation's where it has one, else the project's, else the development
 * keys. Which organisation they are of says their user token alone, so nobody reaches another's trust.
 */
export interface TrustInEffect {
  /** From memory only; undefined where that does not know. */
  peek(person: Person): Trust | null | undefined;
  find(person: Person): Promise<Trust | null>;
}

/** Organisations kept in memory at most, those without a trust too. */
const KEPT = 20_000;

export function createTrustInEffect(parts: { changes: Changes; trusts: Trusts }): TrustInEffect {
  const { changes, trusts } = parts;
  const ofOrganisations = createCache<{ readonly trust: Trust | null }>({
    topic: "organisation",
    max: KEPT,
    changes,
    load: async (key) => {
      const [projectId = "", integrationId = ""] = key.split(":", 2);
      const organisation = key.slice(projectId.length + integrationId.length + 2);
      const found = await trusts.ofOrganisations({ projectId, integrationId }, [organisation]);
      return { trust: found.get(organisation) ?? null };
    },
  });

  return {
    peek: (person) => {
      const organisation = organisationNamed(person);
      if (organisation === null) return person.integration.trust;
      const known = ofOrganisations.peek(keyOf(person, organisation));
      return known === undefined ? undefined : (known.trust ?? person.integration.trust);
    },
    find: async (person) => {
      const organisation = organisationNamed(person);
      if (organisation === null) return person.integration.trust;
      return (await ofOrganisations.get(keyOf(person, organisation))).trust ?? person.integration.trust;
    },
  };
}

/** A user token always has a `sub`: what it does not say, its user has no longer. */
export function organisationNamed({ claims, integration, organisation }: Omit<Person, "projectId">): string | null {
  return claims.sub === undefined ? organisation : organisationOf(claims, integration.organisationClaim);
}

function keyOf({ projectId, integration }: Person, organisation: string): string {
  return `${projectId}:${integration.id}:${organisation}`;
}
