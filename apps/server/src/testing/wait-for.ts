/** Asks again and again until the answer is there; what it is, or an error after `ms`. */
export async function waitFor<T>(ask: () => T | undefined | false | Promise<T | undefined | false>, ms = 15_000) {
  const started = performance.now();
  for (;;) {
    const answer = await ask();
    if (answer !== undefined && answer !== false) return answer;
    if (performance.now() - started > ms) throw new Error(`Not within ${ms} ms: ${ask.toString().slice(0, 200)}`);
    await new Promise((resolve) => setTimeout(resolve, 20));
  }
}
