/** One thing that happened to the server. Messages hold no secrets and no values of rows. */
export interface PostgresEvent {
  level: "debug" | "info" | "warn" | "error";
  message: string;
}

export type Log = (event: PostgresEvent) => void;
