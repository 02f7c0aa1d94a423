import { createContext, useContext } from "react";
import type { Actions } from "./actions.ts";
import type { PortalEvent } from "./reducer.ts";
import { type Strings, stringsFor } from "./strings.ts";

/** What every screen needs besides its own state. */
export interface View {
  readonly strings: Strings;
  readonly actions: Actions;
  readonly dispatch: (event: PortalEvent) => void;
  /** In an iframe: there is a close button, and a page shows through around the card. */
  readonly embedded: boolean;
}

const nothing = () => {};
const ViewContext = createContext<View>({
  strings: stringsFor([]),
  actions: {
    reload: nothing,
    close: nothing,
    proceed: nothing,
    lookUp: nothing,
    confirmDisconnect: nothing,
    setUp: nothing,
    confirmRemoval: nothing,
    lookUpKnown: nothing,
  },
  dispatch: nothing,
  embedded: false,
});

export const ViewProvider = ViewContext.Provider;
export const useView = (): View => useContext(ViewContext);
