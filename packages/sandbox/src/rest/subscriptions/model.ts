import type { Schedule } from "../schedules/model.ts";
import type { User } from "../users/model.ts";
import type { View } from "../views/model.ts";
import type { Workbook } from "../workbooks/model.ts";

/** Sends pictures of a view or a workbook to a user by mail, whenever its schedule says. */
export type Subscription = {
  id: string;
  subject: string;
  message: string;
  attachImage: boolean;
  attachPdf: boolean;
  /** Only where a PDF is attached. */
  pageOrientation: string | undefined;
  pageSizeOption: string | undefined;
  suspended: boolean;
  /** Sent when the extract behind it was refreshed, and not by a schedule. */
  refreshExtractTriggered: boolean;
  content: SubscriptionContent;
  schedule: Schedule;
  user: User;
};

export type SubscriptionContent = { sendIfViewEmpty: boolean; customViewId: string | undefined } & (
  | { type: "View"; item: View }
  | { type: "Workbook"; item: Workbook }
);
