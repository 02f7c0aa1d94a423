import { paragon } from "@useparagon/connect";

/**
 * A product that embeds Easel: the SDK's main entry, with every one of its services at Easel's origin. This is all that
 * a product changes.
 */
const easel = document.querySelector<HTMLMetaElement>('meta[name="easel"]')?.content ?? "";

paragon.configureGlobal(
  { host: "localhost" },
  {
    CONNECT_PUBLIC_URL: easel,
    DASHBOARD_PUBLIC_URL: easel,
    ZEUS_PUBLIC_URL: easel,
    HERMES_PUBLIC_URL: easel,
    WORKER_PROXY_PUBLIC_URL: easel,
    CDN_PUBLIC_URL: easel,
    PASSPORT_PUBLIC_URL: easel,
    PASSPORT_PRODUCTION_URL: easel,
    API_TRIGGER_KIT_PUBLIC_URL: easel,
  },
);
window.paragon = paragon;
