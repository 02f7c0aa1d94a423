import type { PortalMethod } from "@easel/api/portal";
import { Disclosure } from "@easel/design/disclosure";
import { ChevronRight } from "lucide-react";
import { usesTrust } from "../form.ts";
import { useView } from "../view.ts";

export interface OtherWaysProps {
  methods: readonly PortalMethod[];
  /** As whom the trust would sign in, where that is known. */
  trustName: string | null;
}

/** The sign-in methods that are not the one on the page. */
export function OtherWays({ methods, trustName }: OtherWaysProps) {
  const { strings, dispatch } = useView();
  if (methods.length === 0) return null;
  return (
    <Disclosure summary={strings.connect.otherWays}>
      <ul className="flex flex-col divide-y divide-line rounded-box border border-line">
        {methods.map((method) => (
          <li key={method.id}>
            <button
              type="button"
              onClick={() => dispatch({ kind: "methodChosen", methodId: method.id })}
              className="flex w-full cursor-pointer items-center gap-3 rounded-inner px-3 py-2 text-left hover:bg-sunken"
            >
              <span className="min-w-0 flex-1">
                <span className="block text-form font-medium">
                  {trustName && usesTrust(method) ? strings.connect.connectAs(trustName) : method.title}
                </span>
                <span className="block text-caption text-ink-soft">{method.description}</span>
              </span>
              <ChevronRight aria-hidden size={16} strokeWidth={1.5} className="shrink-0 text-ink-faint" />
            </button>
          </li>
        ))}
      </ul>
    </Disclosure>
  );
}
