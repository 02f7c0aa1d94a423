import { type PortalEvent, reduce } from "./reducer.ts";
import type { PortalState } from "./state.ts";

export interface Store {
  state(): PortalState;
  dispatch(event: PortalEvent): void;
}

/** Holds the one state, and tells `onChange` when it is another. */
export function createStore(onChange: (state: PortalState) => void): Store {
  let state: PortalState = { kind: "inert" };
  return {
    state: () => state,
    dispatch(event) {
      const next = reduce(state, event);
      if (next === state) return;
      state = next;
      onChange(state);
    },
  };
}
