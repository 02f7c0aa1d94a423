import type { Scene } from "./description.ts";

/** What is counted over a whole site: made once for each answer, however many items ask for it. */
export function oncePerAnswer<Made extends object>(make: (scene: Scene) => Made): (scene: Scene) => Made {
  const made = new WeakMap<Scene, Made>();
  return (scene) => {
    let known = made.get(scene);
    if (known === undefined) {
      known = make(scene);
      made.set(scene, known);
    }
    return known;
  };
}
