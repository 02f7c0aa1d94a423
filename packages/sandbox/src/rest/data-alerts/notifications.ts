/** Whether a site tells of one sort of thing by one channel. */
export type NotificationPreference = { channel: string; notificationType: string; enabled: boolean };

/** inferred from public clients (PSTableauREST): which there are. */
export const channels = ["email", "in_app", "slack"];
export const notificationTypes = ["comments", "webhooks", "prepflow", "share", "dataalerts", "extractrefresh"];

export function usualPreferences(): NotificationPreference[] {
  return channels.flatMap((channel) =>
    notificationTypes.map((notificationType) => ({ channel, notificationType, enabled: true })),
  );
}
