export type ConnectedAppSecret = { id: string; value: string; createdAt: number };

/** A connected app with direct trust: who holds one of its secrets may sign in as any user of the site. */
export type ConnectedApp = {
  clientId: string;
  name: string;
  enabled: boolean;
  createdAt: number;
  /** Restricts embedding to these projects; all of them when there are none. */
  projectIds: string[];
  /** Restricts embedding to these domains. */
  domainSafelist: string;
  unrestrictedEmbedding: boolean;
  /** At most two. */
  secrets: ConnectedAppSecret[];
};

/** An external authorization server: JWTs that it signed sign in (OAuth 2.0 trust). */
export type AuthorizationServer = {
  id: string;
  name: string;
  issuerUrl: string;
  /** Where its keys are, when they are not to be found by its metadata. */
  jwksUri: string | undefined;
  enabled: boolean;
  createdAt: number;
};
