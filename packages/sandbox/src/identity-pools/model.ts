/** Who may sign in to a Tableau Server beside those it was set up for: where they are kept, and how they sign in. */
export type IdentityPools = {
  /** The first is the one that the server was set up with. */
  stores: IdentityStore[];
  configurations: AuthConfiguration[];
  pools: IdentityPool[];
  /** The number that the next store or configuration gets. */
  nextNumber: number;
};

export type IdentityStore = { id: number; name: string; displayName: string; createdAt: number; updatedAt: number };

/** An identity provider that speaks OpenID Connect, by the names of Tableau's OpenAPI file. Its secret is not kept. */
export type AuthConfiguration = {
  id: number;
  isInFrame: boolean;
  oidc: Record<string, string | number | boolean>;
  createdAt: number;
  updatedAt: number;
};

export type IdentityPool = {
  id: string;
  name: string;
  description: string;
  isEnabled: boolean;
  storeId: number;
  configurationId: number;
  createdAt: number;
  updatedAt: number;
};

export function usualIdentityPools(now: number): IdentityPools {
  const store = { id: 1, name: "local", displayName: "Tableau Server", createdAt: now, updatedAt: now };
  return { stores: [store], configurations: [], pools: [], nextNumber: 2 };
}
