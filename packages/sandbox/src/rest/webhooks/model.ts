import type { EventName } from "../../site/events.ts";
import type { User } from "../users/model.ts";

export type Webhook = {
  id: string;
  name: string;
  event: EventName;
  url: string;
  isEnabled: boolean;
  /** Why it is disabled; empty while it is enabled. */
  statusChangeReason: string;
  owner: User;
  createdAt: number;
  updatedAt: number;
};
