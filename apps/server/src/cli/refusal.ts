/** What a command cannot do, in a sentence for the person who called it. */
export class Refusal extends Error {}
