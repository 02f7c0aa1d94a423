/** A personal access token. The secret is shown once; only its hash is kept, as Tableau does. */
export type PersonalAccessToken = {
  guid: string;
  name: string;
  /** The user name of whose it is, in lower case: one person on all sites. */
  owner: string;
  secretHash: string;
  createdAt: number;
  expiresAt: number;
  lastUsedAt: number | undefined;
};
