import { TextButton } from "@easel/design/button";
import { useState } from "react";
import { useView } from "../view.ts";

const FIRST = 4;

/** What the product will be able to do, before anything is typed. */
export function Consent({ product, abilities }: { product: string; abilities: readonly string[] }) {
  const { strings } = useView();
  const [all, setAll] = useState(false);
  if (abilities.length === 0) return null;
  const shown = all || abilities.length <= FIRST + 1 ? abilities : abilities.slice(0, FIRST);
  const more = abilities.length - shown.length;
  return (
    <div className="text-form text-ink-soft">
      <p id="consent" className="inline">
        {strings.connect.consent(product)}{" "}
      </p>
      <ul aria-labelledby="consent" className="inline">
        {shown.map((ability, index) => (
          <li key={ability} className="inline">
            <span className="text-ink">{ability}</span>
            {index < shown.length - 1 || more > 0 ? <span aria-hidden> · </span> : null}
          </li>
        ))}
      </ul>{" "}
      {more > 0 ? <TextButton onClick={() => setAll(true)}>{strings.and(more)}</TextButton> : null}
    </div>
  );
}
