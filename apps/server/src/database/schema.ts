import type { ColumnType, Generated, JSONColumnType } from "kysely";

/** The tables as Kysely sees them. `migrations/` makes them; the comments there say what each is for. */
export interface Database {
  instance_secrets: { name: string; sealed: Buffer };
  projects: ProjectTable;
  signing_keys: SigningKeyTable;
  api_keys: ApiKeyTable;
  rejected_tokens: RejectedTokenTable;
  users: UserTable;
  integrations: IntegrationTable;
  organisations: OrganisationTable;
  trusts: TrustTable;
  issuer_keys: IssuerKeyTable;
  credentials: CredentialTable;
  installs: InstallTable;
  client_keys: ClientKeyTable;
  client_sessions: ClientSessionTable;
  sessions: SessionTable;
  servers: ServerTable;
  sites: { server_url: string; site_id: string; asked_at: Date };
  session_lifetimes: SessionLifetimeTable;
  events: EventTable;
  changes: { id: Generated<string>; topic: string; created_at: Generated<Date> };
  usage: UsageTable;
  budget_counts: BudgetCountTable;
  sign_in_tries: { key: Buffer; count: number; ends_at: Date };
  usage_batches: { id: string; at: Generated<Date> };
  first_run_links: { hash: Buffer; project_id: string; expires_at: Date; used_at: Date | null };
  instance_claim: { only_row: Generated<boolean>; claimed_at: Generated<Date> };
}

type Json = Record<string, unknown>;
type Optional<T> = ColumnType<T | null, T | null | undefined, T | null>;

export interface ProjectTable {
  id: Generated<string>;
  name: string;
  environment: Generated<"development" | "staging" | "production">;
  allowed_origins: Generated<string[]>;
  require_audience: Generated<boolean>;
  accent_color: Optional<string>;
  logo_url: Optional<string>;
  data_key: Buffer;
  is_demo: Generated<boolean>;
  /** What the project has changed of the default limits. */
  limits: ColumnType<Json, string | undefined, string>;
  created_at: Generated<Date>;
}

export interface SigningKeyTable {
  id: Generated<string>;
  project_id: string;
  algorithm: "RS256" | "ES256";
  /** SPKI, PEM. */
  public_key: string;
  fingerprint: string;
  created_at: Generated<Date>;
  disabled_at: Optional<Date>;
}

export type Role = "admin" | "member" | "support";
export interface ApiKeyTable {
  id: Generated<string>;
  project_id: string;
  name: string;
  role: Role;
  hash: Buffer;
  created_at: Generated<Date>;
  revoked_at: Optional<Date>;
}

export interface RejectedTokenTable {
  project_id: string;
  header: JSONColumnType<Json> | null;
  claims: JSONColumnType<Json> | null;
  code: string;
  reason: string;
  rejected_at: Generated<Date>;
}

export interface UserTable {
  id: Generated<string>;
  project_id: string;
  subject: string;
  meta: ColumnType<Json, string | undefined, string>;
  created_at: Generated<Date>;
  disabled_at: Optional<Date>;
}

export interface IntegrationTable {
  id: Generated<string>;
  project_id: string;
  connector: string;
  is_active: Generated<boolean>;
  permissions: string[];
  methods: Optional<string[]>;
  server_url: Optional<string>;
  site: Optional<string>;
  username_claim: Generated<string>;
  organisation_claim: Generated<string>;
  connects_by_itself: Generated<boolean>;
  may_mint_credentials: Generated<boolean>;
  keep_tokens_alive: Generated<boolean>;
  api_version: Optional<string>;
  description: Generated<string>;
  created_at: Generated<Date>;
  updated_at: Generated<Date>;
}

export interface OrganisationTable {
  id: Generated<string>;
  project_id: string;
  name: string;
  created_at: Generated<Date>;
}

export interface IssuerKeyTable {
  id: string;
  project_id: string;
  public_jwk: ColumnType<Json, string, never>;
  private_key: Buffer;
  signs_from: Date;
  signs_until: Date;
  published_until: Date;
}

export interface TrustTable {
  id: Generated<string>;
  project_id: string;
  integration_id: string;
  organisation_id: Optional<string>;
  kind: Generated<"connectedApp" | "issuer" | "uat">;
  client_id: Optional<string>;
  secret_id: Optional<string>;
  secret_value: Optional<Buffer>;
  issuer: Optional<string>;
  key_id: Optional<string>;
  tenant_id: Optional<string>;
  user_claim: Optional<string>;
  spare_secret_id: Optional<string>;
  spare_value: Optional<Buffer>;
  spare_added_at: Optional<Date>;
  set_by: Optional<string>;
  server_url: string;
  site: string;
  broken_code: Optional<string>;
  broken_reason: Optional<string>;
  broken_at: Optional<Date>;
  secret_set_at: Generated<Date>;
  created_at: Generated<Date>;
  updated_at: Generated<Date>;
}

export interface CredentialTable {
  id: Generated<string>;
  project_id: string;
  integration_id: string;
  user_id: string;
  external_id: Optional<string>;
  method: string;
  server_url: string;
  site: string;
  api_version: string;
  site_id: string;
  tableau_user_id: string;
  username: Optional<string>;
  organisation: Optional<string>;
  secrets: Optional<Buffer>;
  identity: Optional<string>;
  status: Generated<"VALID" | "INVALID">;
  reason_code: Optional<string>;
  reason: Optional<string>;
  reason_action: Optional<string>;
  refused_at: Optional<Date>;
  config: ColumnType<Json, string | undefined, string>;
  configuration_id: Generated<string>;
  created_at: Generated<Date>;
  updated_at: Generated<Date>;
  last_used_at: Optional<Date>;
  kept_alive_at: Optional<Date>;
  secret_expires_at: Optional<Date>;
  secret_read_at: Optional<Date>;
  expiry_warned: Optional<number>;
}

export interface InstallTable {
  key: string;
  project_id: string;
  user_id: string;
  integration_id: string;
  code_hash: Optional<Buffer>;
  claims: ColumnType<Json, string, string>;
  options: ColumnType<Json, string | undefined, string>;
  origin: Optional<string>;
  credential_id: Optional<string>;
  expires_at: Date;
}

export interface ClientKeyTable {
  id: Generated<string>;
  project_id: string;
  credential_id: string;
  name: string;
  hash: Buffer;
  created_at: Generated<Date>;
  expires_at: Optional<Date>;
  revoked_at: Optional<Date>;
  last_used_at: Optional<Date>;
}

export interface ClientSessionTable {
  hash: Buffer;
  project_id: string;
  credential_id: string;
  client_key_id: Optional<string>;
  signing_key_id: Optional<string>;
  claims: ColumnType<Json, string | undefined, string>;
  created_at: Generated<Date>;
  expires_at: Optional<Date>;
  last_used_at: ColumnType<Date, Date | undefined, Date>;
}

export interface ServerTable {
  server_url: string;
  edition: "cloud" | "server";
  product_version: string;
  api_version: string;
  asked_at: Generated<Date>;
  due_at: Date;
}

export interface SessionTable {
  identity: string;
  generation: Generated<string>;
  sealed: Optional<Buffer>;
  signed_in_at: Optional<Date>;
  expires_at: Optional<Date>;
  lease_owner: Optional<string>;
  lease_until: Optional<Date>;
  failure: ColumnType<Json | null, string | null | undefined, string | null>;
  failed_at: Optional<Date>;
  young_kills: Generated<Date[]>;
  contested_at: Optional<Date>;
  allowance: Generated<number>;
  allowance_at: Generated<Date>;
  updated_at: Generated<Date>;
  server_url: Generated<string>;
  renew_at: Optional<Date>;
  idle_ms: Optional<string>;
  used_at: Optional<Date>;
  streaming_until: Optional<Date>;
  contest_since: Optional<Date>;
}

export interface SessionLifetimeTable {
  server_url: string;
  kind: "age" | "idle";
  strike_ms: string;
  strike_by: string;
  strike_at: Date;
  learnt_ms: Optional<string>;
  learnt_at: Optional<Date>;
}

export interface EventTable {
  id: Generated<string>;
  project_id: string;
  kind: string;
  user_id: Optional<string>;
  credential_id: Optional<string>;
  trust_id: Optional<string>;
  details: ColumnType<Json, string | undefined, string>;
  at: Generated<Date>;
}

export interface BudgetCountTable {
  project_id: string;
  server_url: string;
  site: string;
  budget: string;
  /** Empty where the budget is the whole site's. */
  tableau_user_id: Generated<string>;
  window_start: Date;
  window_end: Date;
  used: string;
}

export interface UsageTable {
  at: Date;
  project_id: string;
  user_id: string;
  credential_id: string;
  method: string;
  route: string;
  status: number;
  ms: number;
  bytes_in: string;
  bytes_out: string;
  attempts: number;
  renewed: boolean;
  request_id: string;
  retries: Generated<number>;
  upstream_ms: Optional<number>;
  door: Generated<string>;
  organisation: Optional<string>;
}
