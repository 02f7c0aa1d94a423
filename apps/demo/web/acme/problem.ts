/** Something that went wrong, in words: what happened, what to do, and what to quote when asking for help. */
export type Problem = {
  message: string;
  action: string;
  code?: string | undefined;
  status?: number | undefined;
  requestId?: string | undefined;
};
