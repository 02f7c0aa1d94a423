import type { Problem, ProviderError, Route } from "./connector.ts";

/**
 * What a connector knows of its provider's lists, jobs and uploads, for callers who ask for help with them. Pure like
 * the rest of it: paths to call and answers that were read come and go, the platform sends.
 *
 * Every path here is one that `Connector.route` takes.
 */
export interface ConnectorHelp {
  /**
   * How the list that a call asks for is read page by page.
   * @param body the call's; null where it has none
   */
  list(route: Route, body: string | null): ListResult;
  /** Are this route's answers other than normal? Those of others can stay as they came. */
  normalizes(route: Route): boolean;
  /** An answer of this route with arrays always, and numbers and booleans typed; as it is where it is typed already. */
  normalize(route: Route, body: unknown): unknown;
  readonly jobs: JobKnowledge;
  /** What can be uploaded, by its kind in the address: `workbook`. */
  readonly uploads: ReadonlyMap<string, UploadKind>;
}

export type ListResult =
  | { readonly kind: "list"; readonly list: List }
  | { readonly kind: "refused"; readonly problem: Problem };

export interface List {
  /** Asks for the first page: what the caller wrote, and a page's size where they wrote none. */
  readonly first: PageRequest;
  /** Reads a page, normalised or not; null where the answer holds no list of this kind. */
  read(asked: PageRequest, answer: unknown): PageResult | null;
  /** Does this refusal of a later page say that the list ends before it? It may have become shorter meanwhile. */
  endsBefore(error: ProviderError): boolean;
}

/** GET where there is no body, else POST of JSON. */
export interface PageRequest {
  readonly path: string;
  readonly body: string | null;
}

export type PageResult =
  | ({ readonly kind: "page" } & Page)
  /** An answer that says, with a status of success, what went wrong. */
  | { readonly kind: "failed"; readonly problem: Problem };

export interface Page {
  readonly items: readonly unknown[];
  /** Asks for the next page; null after the last. */
  readonly next: PageRequest | null;
  /** How many pages of this size the list has now; null where the provider does not say. */
  readonly pages: number | null;
}

export interface JobKnowledge {
  /** The permission that following a job needs. */
  readonly scope: string;
  /** The path of a job. */
  path(id: string): string;
  /** Does this route show one job? */
  shows(route: Route): boolean;
  /** The job that an answer holds; null where it holds none. */
  read(body: unknown): Job | null;
}

export interface Job {
  readonly id: string;
  /** `unsuccessful`: it failed or was cancelled. */
  readonly state: "open" | "succeeded" | "unsuccessful";
  /** What the provider says of it, for people; empty where it says nothing. */
  readonly notes: string;
}

/** How a kind of file is uploaded: begun, appended to part by part in order, finished. */
export interface UploadKind {
  /** The file's types by its extension, in lower case. */
  readonly fileTypes: readonly string[];
  /** Bytes of one part at most. */
  readonly partLimit: number;
  readonly begin: UploadRequest;
  /** The upload that `begin` answered; null where the answer holds none. */
  begun(body: unknown): string | null;
  /** One part: what stands before and after its bytes. */
  append(upload: string, boundary: string): UploadPart;
  /** Publishes what was uploaded. */
  finish(upload: string, form: UploadForm, boundary: string): UploadRequest;
  /** Reads the fields that describe what is published. */
  readForm(fields: ReadonlyMap<string, string>, filename: string): UploadFormResult;
  /** The call that publishes, for usage rows and for checking permissions before anything is sent. */
  readonly publishes: { readonly method: string; readonly path: string };
}

export interface UploadRequest {
  readonly method: string;
  readonly path: string;
  readonly contentType: string | null;
  readonly body: string | null;
}

export interface UploadPart {
  readonly method: string;
  readonly path: string;
  readonly contentType: string;
  readonly before: string;
  readonly after: string;
}

/** What the caller said of the file, as the connector read it. */
export interface UploadForm {
  readonly fileType: string;
  /** Whether the provider is to answer with a job. */
  readonly asJob: boolean;
  /** Parameters of the call that publishes. */
  readonly parameters: Readonly<Record<string, string>>;
  /** What the call that publishes says of it, in the provider's own format. May hold passwords. */
  readonly payload: string;
}

export type UploadFormResult =
  | { readonly kind: "form"; readonly form: UploadForm }
  /** What is missing or wrong, in words. */
  | { readonly kind: "unreadable"; readonly detail: string };
