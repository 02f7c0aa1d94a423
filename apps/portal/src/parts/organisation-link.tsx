import { TextButton } from "@easel/design/button";
import type { Session } from "../state.ts";
import { useView } from "../view.ts";

/** For an organisation's administrator: leads to what is, or can be, set up for everyone. */
export function OrganisationLink({ session }: { session: Session }) {
  const { strings, dispatch } = useView();
  const { organisation, integration } = session.context;
  if (organisation === null) return null;
  return (
    <div>
      <TextButton onClick={() => dispatch({ kind: organisation.trust ? "organisationAsked" : "setupAsked" })}>
        {strings.organisation.link(integration.name, organisation.organisation)}
      </TextButton>
    </div>
  );
}
