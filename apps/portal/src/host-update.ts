/** What the host page's SDK tells the portal, reduced to what the portal uses. The message itself is foreign input. */
export interface HostUpdate {
  readonly projectId: string | null;
  /** The user token; null while nobody is signed in. */
  readonly token: string | null;
  readonly userId: string | null;
  /** What the portal is asked to show; null asks it to hide. */
  readonly request: PortalRequest | null;
  /** The message of the last failed sign-in: the JSON text of our own error envelope. */
  readonly connectionError: string | null;
}

export interface PortalRequest {
  /** e.g. `tableau`. */
  readonly integrationType: string;
  readonly credentialId: string | null;
  /** The product asked for an installation, not for the portal: go to the form, and close when it is done. */
  readonly installOnly: boolean;
  /** The installation goes on in a popup: anything we showed would cover the host page. */
  readonly inPopup: boolean;
}

type Bag = Readonly<Record<string, unknown>>;

const bag = (value: unknown): Bag => (isBag(value) ? value : {});
const isBag = (value: unknown): value is Bag => typeof value === "object" && value !== null;
const text = (value: unknown): string | null => (typeof value === "string" && value !== "" ? value : null);

/** Reads a UI_UPDATE message; null where the message is something else. */
export function readHostUpdate(message: unknown): HostUpdate | null {
  const { messageType, nextContext, nextModalState } = bag(message);
  if (messageType !== "UI_UPDATE" || !isBag(nextContext) || !isBag(nextModalState)) return null;
  const user = bag(nextContext.user);
  const signedIn = user.authenticated !== false;
  return {
    projectId: text(nextContext.projectId),
    token: signedIn ? text(user.token) : null,
    userId: signedIn ? text(user.userId) : null,
    request: readRequest(nextModalState),
    connectionError: readErrorText(nextModalState.connectionError),
  };
}

function readRequest(modal: Bag): PortalRequest | null {
  const integration = bag(modal.integration);
  const integrationType = text(modal.integration) ?? text(integration.type);
  if (!integrationType) return null;
  const options = bag(modal.apiInstallationOptions);
  const api = options.isApiInstallation === true;
  return {
    integrationType,
    credentialId: text(modal.selectedCredentialId),
    installOnly: api && options.showPortalAfterInstall !== true && modal.shouldShowPortalAfterInstall !== true,
    inPopup: api && integration.needPreOauthInputs === false,
  };
}

function readErrorText(error: unknown): string | null {
  return text(error) ?? text(bag(error).message);
}
