import type { PortalCredential } from "@easel/api/portal";
import { Button } from "@easel/design/button";
import { Notice } from "@easel/design/notice";
import { CircleCheck } from "lucide-react";
import { hostOf } from "../form.ts";
import { OrganisationLink } from "../parts/organisation-link.tsx";
import { ScreenTitle } from "../parts/screen-title.tsx";
import type { Session } from "../state.ts";
import { useView } from "../view.ts";

export interface ConnectedScreenProps {
  session: Session;
  credential: PortalCredential;
  justNow: boolean;
}

/** What is connected: as whom, where, since when; what is wrong with it; and the ways on. */
export function ConnectedScreen({ session, credential, justNow }: ConnectedScreenProps) {
  const { strings } = useView();
  const words = strings.connected;
  const { name } = session.context.integration;
  const valid = credential.status === "VALID";
  const problem = valid ? credential.warning : credential.reason;
  return (
    <div className="flex flex-col gap-6">
      <div className="flex items-center gap-2.5">
        {valid ? <CircleCheck aria-hidden size={20} strokeWidth={1.5} className="shrink-0 text-success" /> : null}
        <ScreenTitle>{valid ? words.title(name) : words.invalidTitle(name)}</ScreenTitle>
      </div>
      {problem ? (
        <Notice tone={valid ? "waiting" : "failure"}>
          <p className="font-medium">{problem.message}</p>
          <p className="text-ink-soft">{problem.action}</p>
        </Notice>
      ) : null}
      <Facts session={session} credential={credential} />
      <OrganisationLink session={session} />
      <WaysOn credential={credential} justNow={justNow} />
    </div>
  );
}

function Facts({ session, credential }: { session: Session; credential: PortalCredential }) {
  const { strings } = useView();
  const words = strings.connected;
  const method = session.context.methods.find(({ id }) => id === credential.method);
  const facts: [string, string][] = [
    [words.as, credential.username ?? words.unknownPerson],
    [words.site, credential.site === "" ? words.defaultSite : credential.site],
    [words.server, hostOf(credential.serverUrl)],
    ...(method ? [[words.how, method.title] satisfies [string, string]] : []),
    [words.since, new Date(credential.createdAt).toLocaleString(undefined, { dateStyle: "long", timeStyle: "short" })],
  ];
  return (
    <dl className="flex flex-col divide-y divide-line border-y border-line text-form">
      {facts.map(([label, value]) => (
        <div key={label} className="flex gap-4 py-2">
          <dt className="w-28 shrink-0 text-ink-soft">{label}</dt>
          <dd className="min-w-0 flex-1 font-medium tabular-nums [overflow-wrap:anywhere]">{value}</dd>
        </div>
      ))}
    </dl>
  );
}

function WaysOn({ credential, justNow }: { credential: PortalCredential; justNow: boolean }) {
  const { strings, actions, dispatch, embedded } = useView();
  const words = strings.connected;
  if (!embedded) return justNow ? <p className="text-form text-ink-soft">{words.closing}</p> : null;
  const valid = credential.status === "VALID";
  const reconnect = () => dispatch({ kind: "reconnectAsked" });
  return (
    <div className="-ml-4 flex forced-colors:ml-0 flex-wrap items-center justify-between gap-2">
      <Button kind="quiet" onClick={() => dispatch({ kind: "disconnectAsked" })}>
        {words.disconnect}
      </Button>
      <div className="flex flex-wrap gap-2">
        {valid && credential.warning ? <Button onClick={reconnect}>{words.signInAgain}</Button> : null}
        {valid ? (
          <Button kind="primary" onClick={actions.close}>
            {words.done}
          </Button>
        ) : (
          <Button kind="primary" data-focus="button" onClick={reconnect}>
            {words.reconnect}
          </Button>
        )}
      </div>
    </div>
  );
}
