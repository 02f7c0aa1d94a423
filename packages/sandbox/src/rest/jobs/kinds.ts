import type { JobKind } from "./model.ts";

/** How Tableau calls a kind of job: `listed` in `backgroundJob.jobType`, `queried` in `job.type`. */
type Names = { listed: string; queried: string | undefined; subtitle: string };

/**
 * The queried names are those of the schema's jobType, and `UpdateUploadedFile`, which public clients know.
 * inferred: the listed names other than refresh_extracts, run_flow and single_subscription_notify; the queried names
 * that the schema's 3.27 lacks are left out (`undefined`).
 */
export const jobKinds: Readonly<Record<JobKind, Names>> = {
  broadcastPost: { listed: "broadcast_post", queried: "BroadcastPost", subtitle: "View" },
  createExtracts: { listed: "create_extracts", queried: undefined, subtitle: "Extract creation" },
  createUsers: { listed: "create_site_users_csv", queried: "CreateSiteUsersCsv", subtitle: "Users" },
  decryptExtracts: { listed: "decrypt_all_extracts", queried: undefined, subtitle: "Site" },
  deleteExtracts: { listed: "delete_extracts", queried: undefined, subtitle: "Extract removal" },
  deleteUsers: { listed: "delete_site_users_csv", queried: undefined, subtitle: "Users" },
  emptyRecycleBin: { listed: "empty_recycle_bin", queried: "EmptyRecycleBin", subtitle: "Site" },
  encryptExtracts: { listed: "encrypt_all_extracts", queried: undefined, subtitle: "Site" },
  groupSync: { listed: "sync_ad_group", queried: "GroupSync", subtitle: "Group" },
  incrementalRefresh: { listed: "increment_extracts", queried: "RefreshExtract", subtitle: "Extract refresh" },
  linkedTask: { listed: "run_linked_task", queried: undefined, subtitle: "Linked task" },
  publishDatasource: { listed: "publish_datasource", queried: "PublishDatasource", subtitle: "Data Source" },
  publishFlow: { listed: "publish_flow", queried: undefined, subtitle: "Flow" },
  publishWorkbook: { listed: "publish_workbook", queried: "PublishWorkbook", subtitle: "Workbook" },
  reencryptExtracts: { listed: "reencrypt_all_extracts", queried: undefined, subtitle: "Site" },
  refresh: { listed: "refresh_extracts", queried: "RefreshExtract", subtitle: "Extract refresh" },
  runFlow: { listed: "run_flow", queried: "RunFlow", subtitle: "Flow" },
  subscription: { listed: "single_subscription_notify", queried: undefined, subtitle: "Subscription" },
  thumbnails: { listed: "refresh_thumbnails", queried: "RefreshThumbnails", subtitle: "Workbook" },
  updateUploadedFile: { listed: "update_uploaded_file", queried: "UpdateUploadedFile", subtitle: "Data Source" },
};
