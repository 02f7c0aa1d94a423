import { type Element, record, text } from "./element.ts";

/**
 * Every way in which the sandbox says no: Tableau's code (its first three digits are the HTTP status) and summary.
 * Summaries and codes are from the Tableau REST reference, "Handling Errors"; those marked are inferred.
 */
const summaries = {
  "400000": "Bad Request",
  "400003": "Bad Request", // inferred: a well-formed request without a value it must have
  "400005": "Bad Request", // an empty label of a favorite
  "400006": "Invalid page number",
  "400007": "Invalid page size", // inferred
  "400008": "Bad Request", // a parameter or attribute that must be true or false
  "400009": "Bad Request", // a capability that such content does not have
  "400010": "Bad Request", // not a data source's file type
  "400011": "Bad Request", // a problem publishing the file (TabMigrate issue 11)
  "400013": "Bad Request", // no site role that can be given, no mode of administration
  "400016": "Bad Request", // a file, or one part of an upload, over 64 MB
  "400019": "Bad Request", // the payload beside an uploaded part is not empty
  "400020": "Bad Request", // no file in the request, or not a workbook's file type
  "400032": "Bad Request", // a user that can't be taken from a group
  "400035": "Bad Request", // an upload session without a file type
  "400042": "Bad Request", // permissions of something else than the path says
  "400047": "Bad Request", // a schedule for something else
  "400049": "Bad Request", // tags that can't be added
  "400055": "Bad Request", // overwrite and append together
  "400063": "Invalid subscription", // a subscription that can't be
  "400065": "Bad Request", // also for unknown fields and sort keys: inferred
  "400067": "Bad Request", // a subscription without a subject
  "400069": "Bad Request", // a subscription to what can't be subscribed to, or by a schedule for something else
  "400081": "Bad Request", // the query behind a view's data failed
  "400086": "Bad Request", // not a flow's file type
  "400087": "Bad Request", // a problem publishing a flow
  "400089": "Bad Request", // a flow without a name
  "400127": "Bad Request", // a statusChangeReason for a webhook that is enabled
  "401000": "Unauthorized Access", // as Tableau's knowledge base shows it
  "401001": "Signin Error",
  "401002": "Unauthorized Access",
  "401003": "Unauthorized Access", // a site that can't be switched to
  "403002": "Forbidden", // the default site is not deleted
  "403003": "Forbidden", // the default project is not deleted
  "403004": "Forbidden",
  "403005": "Forbidden", // the default project is not renamed
  "403007": "Forbidden", // may not publish here, or the name is taken
  "403008": "Forbidden", // no room for the file
  "403009": "Forbidden", // nobody changes their own site role
  "403011": "Forbidden", // no Active Directory
  "403014": "Page size limit exceeded", // inferred: the reference knows only that it is a 403
  "403015": "Forbidden", // an upload by somebody who may not publish
  "403016": "Forbidden", // an upload that can't go on
  "403019": "Forbidden", // downloading a workbook
  "403023": "Forbidden", // changing a connection of a data source
  "403025": "Forbidden", // moving a workbook to a project
  "403027": "Forbidden", // changing a workbook, or something's owner
  "403028": "Forbidden", // downloading a data source
  "403029": "Forbidden", // changing a connection of a workbook
  "403030": "Forbidden", // moving anything else to a project
  "403032": "Forbidden", // changing a data source, refreshing or changing extracts
  "403035": "Forbidden", // reading default permissions
  "403036": "Forbidden", // reading default permissions of workbooks
  "403039": "Forbidden", // permissions that a project locks
  "403045": "Forbidden", // creating a project
  "403054": "Forbidden", // revisions of a data source
  "403055": "Forbidden", // the current revision can't be removed
  "403056": "Forbidden", // revisions of a workbook
  "403060": "Forbidden", // subscribing others
  "403062": "Forbidden", // several connections, and none named
  "403063": "Forbidden", // a subscription for who may not see its content
  "403069": "Forbidden",
  "403070": "Forbidden",
  "403091": "Forbidden", // a job that has ended
  "403096": "Forbidden", // permissions of a view that is a tab
  "403098": "Forbidden", // changing a flow's owner
  "403103": "Forbidden", // changing a connection of a flow
  "403131": "Forbidden", // a workbook that is being published
  "403132": "Forbidden", // a data source that can't be reached
  "403133": "Forbidden", // reading other users
  "403157": "Forbidden", // a feature that is disabled
  "404000": "Resource Not Found", // site
  "404002": "Resource Not Found", // user
  "404003": "Resource Not Found", // address
  "404004": "Resource Not Found", // data source
  "404005": "Resource Not Found", // project
  "404006": "Resource Not Found", // workbook
  "404007": "Resource Not Found", // tag
  "404009": "Bad Request", // the body names another item than the address
  "404010": "Resource Not Found", // favorite
  "404011": "Resource Not Found", // view
  "404012": "Resource Not Found", // group
  "404013": "Resource Not Found", // capability
  "404014": "Resource Not Found", // capability of a view
  "404015": "Resource Not Found", // upload session; session: inferred
  "404018": "Resource Not Found", // job
  "404020": "Resource Not Found", // connection
  "404022": "Resource Not Found", // webhook: inferred
  "404023": "Resource Not Found", // schedule
  "404024": "Resource Not Found", // revision
  "404025": "Resource Not Found", // subscription
  "404026": "Resource Not Found", // task
  "404027": "Resource Not Found", // flow
  "404028": "Resource Not Found", // table: inferred
  "404029": "Resource Not Found", // view to recommend or not
  "404030": "Resource Not Found", // data alert: inferred
  "404032": "Resource Not Found", // database: inferred
  "404033": "Resource Not Found", // label: inferred
  "404034": "Resource Not Found", // data quality warning or certification: inferred
  "404035": "Resource Not Found", // view that was not hidden from recommendations
  "404036": "Resource Not Found", // label value or category: inferred
  "404037": "Resource Not Found", // virtual connection: inferred
  "404038": "Resource Not Found", // asset to label or to tag: inferred
  "404039": "Resource Not Found", // extension or connection to one: inferred
  "404040": "Resource Not Found", // connected app, its secret, authorization server, access token: inferred
  "404041": "Resource Not Found", // flow run: inferred
  "404042": "Resource Not Found", // column: inferred
  "404043": "Resource Not Found", // data quality trigger: inferred
  "404120": "Resource Not Found", // group set: inferred
  "405000": "Invalid request method",
  "409000": "Resource Conflict", // a name that is taken, where there is no code of its own: inferred
  "409001": "Resource Conflict", // the name of a site
  "409002": "Resource Conflict", // the content URL of a site
  "409003": "Resource Conflict", // a user who owns content
  "409004": "Invalid subscription schedule", // a schedule with intervals that it can't have
  "409005": "Resource Conflict", // a guest
  "409006": "Resource Conflict",
  "409007": "Resource Conflict", // the label of a favorite
  "409009": "Resource Conflict", // group name
  "409011": "Resource Conflict", // a user who is in the group
  "409014": "Resource Conflict", // no licence left
  "409015": "Resource Conflict", // data source name
  "409017": "Resource Conflict", // a user who is on the site
  "409021": "Resource Conflict", // schedule name (tableau_tools)
  "409028": "Adding recipient to data-driven alert forbidden", // a recipient who may not see an alert's view
  "409041": "Resource Conflict", // flow name
  "409070": "Resource Conflict", // extracts of what can't have them
  "409093": "Resource Conflict",
  "409120": "Resource Conflict", // group set name
  "409128": "Resource Conflict", // a third secret of a connected app: inferred, after its number in Tableau's help
  "413000": "Request Entity Too Large", // inferred
  "429000": "Too Many Requests",
  "500000": "Internal Server Error", // a bug of the sandbox
  "502000": "Bad Gateway", // a fault, as are 503 and 504
  "503000": "Service Unavailable",
  "504000": "Gateway Timeout",
} as const satisfies Record<string, string>;

export type RefusalCode = keyof typeof summaries;

/** An expected failure: a value that handlers return, written as Tableau's error envelope. */
export type Refusal = { kind: "refusal"; code: RefusalCode; detail: string };

export function refuse(code: RefusalCode, detail: string): Refusal {
  return { kind: "refusal", code, detail };
}

export function isRefusal(value: unknown): value is Refusal {
  return typeof value === "object" && value !== null && "kind" in value && value.kind === "refusal";
}

export function statusOf(refusal: Refusal): number {
  return Number(refusal.code.slice(0, 3));
}

export function errorElement({ code, detail }: Refusal): Element {
  return record("error", { code }, [text("summary", summaries[code]), text("detail", detail)]);
}
