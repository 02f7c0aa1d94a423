import { isRefusal, type Refusal, refuse } from "../../wire/refusals.ts";
import { answer, done, type Reply } from "../../wire/reply.ts";
import type { Route, SessionCall } from "../route.ts";
import { permissionsElement, type Subject } from "./draw.ts";
import type { Capability, Rules } from "./model.ts";
import { conflict, findGrantee, readCapability, readMode, readRules, type Target } from "./request.ts";
import { addRules, removeMode } from "./rules.ts";

/** Some rules, and how to change them. */
export type Holder = {
  subject: Subject;
  capabilities: readonly Capability[];
  rules: Rules;
  set: (rules: Rules) => void;
};

/** Finds the rules that a call is about, if its user may read or change them. */
export type Open = (call: SessionCall, purpose: "read" | "change") => Holder | Refusal;

/** `GET`, `PUT` (add), `POST` (replace) and `DELETE` of the rules that stand at an address. */
export function ruleRoutes(template: string, open: Open): readonly Route[] {
  const shared = { kind: "session", template, role: "anyone" } as const;
  return [
    {
      ...shared,
      method: "GET",
      body: "none",
      jwt: "tableau:permissions:read",
      handle(call: SessionCall) {
        const holder = open(call, "read");
        return isRefusal(holder) ? holder : answer(permissionsElement(holder.subject, holder.rules));
      },
    },
    {
      ...shared,
      method: "PUT",
      body: "tsRequest",
      jwt: "tableau:permissions:update",
      handle: (call: SessionCall) => write(call, open(call, "change"), "add"),
    },
    {
      // Not in the reference; Tableau's own migration SDK sends it, to replace what is there.
      ...shared,
      method: "POST",
      body: "tsRequest",
      jwt: "tableau:permissions:update",
      handle: (call: SessionCall) => write(call, open(call, "change"), "replace"),
    },
    ...["users", "groups", "groupSets"].map(
      (kind): Route => ({
        ...shared,
        method: "DELETE",
        template: `${template}/${kind}/{granteeId}/{capability}/{mode}`,
        body: "none",
        jwt: "tableau:permissions:delete",
        handle: (call: SessionCall) => remove(call, open(call, "change"), kind),
      }),
    ),
  ];
}

function write({ content, scene }: SessionCall, holder: Holder | Refusal, how: "add" | "replace"): Reply | Refusal {
  if (isRefusal(holder)) return holder;
  const added = readRules(content, scene.site, targetOf(holder));
  if (isRefusal(added)) return added;
  const rules = addRules(how === "add" ? holder.rules : [], added);
  if ("conflict" in rules) return conflict(rules.conflict);
  holder.set(rules);
  return answer(permissionsElement(holder.subject, rules));
}

function remove({ parameters, scene }: SessionCall, holder: Holder | Refusal, kind: string): Reply | Refusal {
  if (isRefusal(holder)) return holder;
  const grantee = findGrantee(scene.site, kind, parameters.granteeId ?? "");
  if (isRefusal(grantee)) return grantee;
  const capability = readCapability(parameters.capability ?? "", targetOf(holder));
  if (isRefusal(capability)) return capability;
  const mode = readMode(parameters.mode ?? "");
  if (isRefusal(mode)) return mode;
  const rules = removeMode(holder.rules, grantee, capability, mode);
  if (rules === undefined) {
    // 404014 for views, 404013 for everything else (Tableau REST reference, "Delete View Permission").
    const code = holder.subject.element === "view" ? "404014" : "404013";
    return refuse(code, `${capability} is not set to ${mode} for '${parameters.granteeId}'.`);
  }
  holder.set(rules);
  return done;
}

function targetOf({ subject: { element, id }, capabilities }: Holder): Target {
  return { element, id, capabilities };
}
