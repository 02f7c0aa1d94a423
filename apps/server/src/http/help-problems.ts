import type { ProblemText } from "@easel/connector";

/** Rows of the error table for calls that ask for help: pages, types, jobs and uploads. */
export const helpProblems = {
  help_unknown: {
    status: 400,
    message: "There is no help called {asked}",
    action: "Use {known}, or leave it out; docs/help.md describes them.",
  },
  help_impossible: {
    status: 400,
    message: "This help makes no sense here: {reason}",
    action: "Leave it out; docs/help.md says what goes together.",
  },
  help_answer_too_large: {
    status: 502,
    message: "Tableau's answer is larger than {limit}, which is as much as Easel reads of one to help with it.",
    action: "Ask for smaller pages by pageSize, or leave the help out: without it answers of any size stream through.",
  },
  help_busy: {
    status: 503,
    message: "Easel holds as much of Tableau's answers as it may, for callers that have not read them yet.",
    action: "Ask again in a second, for fewer lists at a time or in smaller pages.",
  },
  help_answer_unexpected: {
    status: 502,
    message: "Tableau answered with something else than {wanted}.",
    action: "Leave the help out to see what it answers.",
  },
  help_page_refused: {
    status: 502,
    message: "Tableau refused a later page of the list with status {status}.",
    action: "Ask again; the list so far is not whole.",
  },
  list_too_long: {
    status: 422,
    message: "The list has {pages} pages, and one call reads at most {limit}.",
    action: "Narrow the list by filter=, or ask for larger pages by pageSize=.",
  },
  job_lost: {
    status: 502,
    message: "The job {job} has begun, and Tableau no longer says how it goes: {reason}",
    action: "Ask for it again by GET /jobs/{job}; the job itself goes on.",
  },
  upload_kind_unknown: {
    status: 404,
    message: "Nothing is published at /publish/{kind}.",
    action: "There are: {kinds}.",
  },
  upload_malformed: {
    status: 400,
    message: "The upload can't be read: {detail}",
    action:
      "Send multipart/form-data with the fields name and projectId, and the file last; docs/help.md has examples.",
  },
  upload_interrupted: {
    status: 502,
    message: "A part of the file may not have arrived at Tableau, and was not sent twice: {reason}",
    action: "Upload the file again from its beginning; nothing was published.",
  },
} as const satisfies Record<string, ProblemText>;
