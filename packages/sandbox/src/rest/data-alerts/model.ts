import type { User } from "../users/model.ts";
import type { View } from "../views/model.ts";

export const alertConditions = ["above", "above-equal", "below", "below-equal", "equal"] as const;
export const alertFrequencies = ["AsFrequentlyAsPossible", "Daily", "Hourly", "Once", "Weekly"] as const;

/** Tells its recipients by mail when a number in a view crosses a threshold. */
export type DataAlert = {
  id: string;
  subject: string;
  condition: (typeof alertConditions)[number];
  threshold: string;
  frequency: (typeof alertFrequencies)[number];
  isPublic: boolean;
  suspended: boolean;
  creator: User;
  owner: User;
  view: View;
  worksheetName: string;
  recipients: Recipient[];
  createdAt: number;
  updatedAt: number;
};

export type Recipient = { user: User; lastSent: number | undefined };
