/** Everything that the browser tests take from the environment. */
export const config = {
  /** The browser. The launcher finds one and names it; Debian's is where a run by hand looks. */
  chromium: process.env.EASEL_CHROMIUM ?? "/usr/bin/chromium",
  /** Where pictures of every state go, to be looked at by a person; unset: none are taken. */
  screenshots: process.env.EASEL_SCREENSHOTS ?? null,
};
