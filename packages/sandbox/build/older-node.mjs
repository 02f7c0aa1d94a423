/**
 * What the sources use and Node.js 20 does not have yet. Only the built package loads this; each part is added only
 * where it is missing, and does what the standard says for the calls that the sandbox makes.
 */

const iterator = Object.getPrototypeOf(Object.getPrototypeOf([].values()));

add(iterator, {
  *map(change) {
    let index = 0;
    for (const value of this) yield change(value, index++);
  },
  *filter(isWanted) {
    let index = 0;
    for (const value of this) if (isWanted(value, index++)) yield value;
  },
  *flatMap(change) {
    let index = 0;
    for (const value of this) yield* change(value, index++);
  },
  *take(most) {
    let left = most;
    if (left > 0) {
      for (const value of this) {
        yield value;
        if (--left === 0) return;
      }
    }
  },
  *drop(count) {
    let left = count;
    for (const value of this) if (left-- <= 0) yield value;
  },
  reduce(combine, ...start) {
    return [...this].reduce(combine, ...start);
  },
  toArray() {
    return [...this];
  },
  forEach(act) {
    let index = 0;
    for (const value of this) act(value, index++);
  },
  some(isWanted) {
    let index = 0;
    for (const value of this) if (isWanted(value, index++)) return true;
    return false;
  },
  every(isWanted) {
    let index = 0;
    for (const value of this) if (!isWanted(value, index++)) return false;
    return true;
  },
  find(isWanted) {
    let index = 0;
    for (const value of this) if (isWanted(value, index++)) return value;
    return undefined;
  },
});

globalThis.Iterator ??= class Iterator {};
add(globalThis.Iterator, { from: (iterable) => iterable[Symbol.iterator]() });

add(Map, {
  groupBy(items, keyOf) {
    const groups = new Map();
    let index = 0;
    for (const item of items) {
      const key = keyOf(item, index++);
      const group = groups.get(key);
      if (group === undefined) groups.set(key, [item]);
      else group.push(item);
    }
    return groups;
  },
});

add(Object, {
  groupBy: (items, keyOf) => Object.assign(Object.create(null), Object.fromEntries(Map.groupBy(items, keyOf))),
});

add(Promise, {
  withResolvers() {
    const made = {};
    made.promise = new Promise((resolve, reject) => Object.assign(made, { resolve, reject }));
    return made;
  },
  try: async (act, ...values) => act(...values),
});

add(Array, {
  async fromAsync(items, change = (value) => value) {
    const made = [];
    for await (const item of items) made.push(await change(item, made.length));
    return made;
  },
});

add(Set.prototype, {
  union(other) {
    return new Set([...this, ...other.keys()]);
  },
  intersection(other) {
    return new Set([...this].filter((value) => other.has(value)));
  },
  difference(other) {
    return new Set([...this].filter((value) => !other.has(value)));
  },
  isSubsetOf(other) {
    return [...this].every((value) => other.has(value));
  },
  isSupersetOf(other) {
    return [...other.keys()].every((value) => this.has(value));
  },
  isDisjointFrom(other) {
    return ![...this].some((value) => other.has(value));
  },
});

function add(target, methods) {
  for (const [name, value] of Object.entries(methods)) {
    if (!(name in target)) Object.defineProperty(target, name, { value, writable: true, configurable: true });
  }
}
