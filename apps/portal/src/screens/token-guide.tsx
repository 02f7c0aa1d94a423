import { Button } from "@easel/design/button";
import { CopyButton } from "@easel/design/copy-button";
import { ArrowLeft, ExternalLink } from "lucide-react";
import { addressText, hostOf, targetOf } from "../form.ts";
import { AccountMenuPicture, CopySecretPicture, CreateTokenPicture } from "../parts/guide-pictures.tsx";
import { ScreenTitle } from "../parts/screen-title.tsx";
import type { ConnectForm, Session } from "../state.ts";
import { useView } from "../view.ts";

const pictures = [AccountMenuPicture, CreateTokenPicture, CopySecretPicture];

/** Where a personal access token is found. The case that stops most people comes first: no section for tokens. */
export function TokenGuideScreen({ session, form }: { session: Session; form: ConnectForm }) {
  const { strings, dispatch } = useView();
  const words = strings.guide;
  const target = targetOf(session.context, form);
  const back = () => dispatch({ kind: "guideClosed" });
  return (
    <div className="flex flex-col gap-6">
      <div className="flex flex-col items-start gap-1">
        <div className="-ml-4">
          <Button kind="quiet" onClick={back}>
            <ArrowLeft aria-hidden size={16} strokeWidth={1.5} />
            {strings.back}
          </Button>
        </div>
        <ScreenTitle>{words.title}</ScreenTitle>
        {target ? (
          <a
            href={addressText(target)}
            target="_blank"
            rel="noreferrer"
            className="inline-flex min-h-6 items-center gap-1.5 rounded-inner text-form font-medium text-accent-ink underline underline-offset-3"
          >
            {words.open}
            <ExternalLink aria-hidden size={14} strokeWidth={1.5} />
          </a>
        ) : null}
      </div>
      <AdministratorRequest
        text={words.request(
          session.context.project.name,
          target?.site || null,
          target ? hostOf(target.serverUrl) : null,
        )}
      />
      <ol className="flex flex-col gap-6">
        {words.steps.map((step, index) => {
          const Picture = pictures[index];
          return (
            <li key={step.title} className="flex flex-col gap-2">
              {Picture ? <Picture product={session.context.project.name} /> : null}
              <h2 className="text-body font-semibold">
                {index + 1}. {step.title}
              </h2>
              <p className="text-form text-ink-soft">{step.text}</p>
            </li>
          );
        })}
      </ol>
      <Button wide onClick={back}>
        {words.back}
      </Button>
    </div>
  );
}

function AdministratorRequest({ text }: { text: string }) {
  const { strings } = useView();
  const words = strings.guide;
  return (
    <section
      aria-labelledby="no-section"
      className="flex flex-col gap-2 rounded-box border border-line bg-sunken p-3 text-form"
    >
      <h2 id="no-section" className="text-body font-semibold">
        {words.noSection}
      </h2>
      <p className="text-ink-soft">{words.noSectionWhy}</p>
      <blockquote className="rounded-inner border border-line bg-surface p-3 whitespace-pre-line [overflow-wrap:anywhere]">
        {text}
      </blockquote>
      <div>
        <CopyButton text={text} label={words.copyRequest} done={strings.copied} />
      </div>
    </section>
  );
}
