/**
 * What the sources use and Node.js 20 does not have yet. Only the built package loads this. Each part is added only where
 * it is missing, and does what the standard says for the calls that the sandbox makes.
 */

type Values = Iterable<unknown>;
type Change<Result> = (value: unknown, index: number) => Result;

const helpers = {
  *map(this: Values, change: Change<unknown>) {
    let index = 0;
    for (const value of this) yield change(value, index++);
  },
  *filter(this: Values, isWanted: Change<unknown>) {
    let index = 0;
    for (const value of this) if (isWanted(value, index++)) yield value;
  },
  *flatMap(this: Values, change: Change<Values>) {
    let index = 0;
    for (const value of this) yield* change(value, index++);
  },
  *take(this: Values, most: number) {
    let left = most;
    if (left <= 0) return;
    for (const value of this) {
      yield value;
      left -= 1;
      if (left <= 0) return;
    }
  },
  *drop(this: Values, count: number) {
    let left = count;
    for (const value of this) {
      if (left <= 0) yield value;
      left -= 1;
    }
  },
  reduce(this: Values, combine: (result: unknown, value: unknown, index: number) => unknown, ...start: unknown[]) {
    const values = [...this];
    let result = start.length > 0 ? start[0] : values.shift();
    for (const [index, value] of values.entries()) result = combine(result, value, index);
    return result;
  },
  toArray(this: Values) {
    return [...this];
  },
  forEach(this: Values, act: Change<void>) {
    let index = 0;
    for (const value of this) act(value, index++);
  },
  some(this: Values, isWanted: Change<unknown>) {
    let index = 0;
    for (const value of this) if (isWanted(value, index++)) return true;
    return false;
  },
  every(this: Values, isWanted: Change<unknown>) {
    let index = 0;
    for (const value of this) if (!isWanted(value, index++)) return false;
    return true;
  },
  find(this: Values, isWanted: Change<unknown>) {
    let index = 0;
    for (const value of this) if (isWanted(value, index++)) return value;
    return undefined;
  },
};

const iterators: object = Object.getPrototypeOf(Object.getPrototypeOf([].values()));
addTo(iterators, helpers);
addTo(globalThis, { Iterator: { prototype: iterators } });
addTo(Iterator, { from: (values: Values) => values[Symbol.iterator]() });

addTo(Map, {
  groupBy(values: Values, keyOf: Change<unknown>) {
    const groups = new Map<unknown, unknown[]>();
    let index = 0;
    for (const value of values) {
      const key = keyOf(value, index++);
      const group = groups.get(key);
      if (group === undefined) groups.set(key, [value]);
      else group.push(value);
    }
    return groups;
  },
});

addTo(Promise, {
  withResolvers() {
    let settle = {};
    const promise = new Promise((resolve, reject) => {
      settle = { resolve, reject };
    });
    return { promise, ...settle };
  },
});

function addTo(target: object, methods: object): void {
  for (const [name, value] of Object.entries(methods)) {
    if (!(name in target)) Object.defineProperty(target, name, { value, writable: true, configurable: true });
  }
}
