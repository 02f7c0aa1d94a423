import type { PortalMethod } from "@easel/api/portal";
import { TextButton } from "@easel/design/button";
import { TextField } from "@easel/design/text-field";
import { asksSite, faultField } from "../form.ts";
import type { ConnectForm, Session } from "../state.ts";
import { useView } from "../view.ts";
import { FaultText } from "./fault-notice.tsx";

/** The site, where the address did not say it, and the fields of the sign-in method. */
export function MethodForm({ session, form, method }: { session: Session; form: ConnectForm; method: PortalMethod }) {
  const { strings, dispatch } = useView();
  const words = strings.connect;
  const { address } = form;
  if (address.kind !== "found") return null;
  const errorAt = (id: string, missing: string) => {
    if (form.fault && faultField(session.context, form) === id) return <FaultText fault={form.fault} />;
    return form.missing.includes(id) ? missing : null;
  };
  return (
    <div className="flex flex-col gap-4" data-focus="field">
      {asksSite(session.context, address) ? (
        <TextField
          label={words.siteField}
          name="site"
          value={form.site}
          help={address.probe.edition === "cloud" ? words.siteHelpCloud : words.siteHelpServer}
          error={errorAt("site", words.siteMissing)}
          onValue={(site) => dispatch({ kind: "siteTyped", site })}
        />
      ) : null}
      {method.fields.map((field, index) => (
        <TextField
          key={`${method.id} ${field.id}`}
          label={field.title}
          name={field.id}
          value={form.values[field.id] ?? ""}
          help={field.help}
          placeholder={field.placeholder}
          error={errorAt(field.id, words.missing(field.title))}
          secret={
            field.secret ? { show: words.showSecret(field.title), hide: words.hideSecret(field.title) } : undefined
          }
          autoComplete={completionOf(method, field.id)}
          aside={
            index === 0 && method.id === "pat" ? (
              <TextButton onClick={() => dispatch({ kind: "guideOpened" })}>{words.whereToken}</TextButton>
            ) : null
          }
          onValue={(value) => dispatch({ kind: "fieldTyped", id: field.id, value })}
        />
      ))}
    </div>
  );
}

/** Password managers are welcome where there is a password; a token is not one. */
function completionOf(method: PortalMethod, fieldId: string): string {
  if (method.id !== "password") return "off";
  return fieldId === "username" ? "username" : "current-password";
}
