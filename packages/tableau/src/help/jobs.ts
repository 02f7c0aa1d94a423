import type { Job, JobKnowledge } from "@easel/connector/help";
import { z } from "zod";

/** A number as text, or the other way round: Tableau's JSON is not of one mind. */
const code = z.union([z.string(), z.number()]).transform(String);
const notes = z.object({ notes: z.string().optional() }).optional().catch(undefined);
const jobAnswer = z.object({
  job: z.object({
    id: z.string().min(1),
    completedAt: z.string().optional(),
    finishCode: code.optional(),
    statusNotes: z
      .union([
        z.object({ statusNote: z.array(z.object({ text: z.string().optional() })).optional() }),
        z.array(z.object({ text: z.string().optional() })),
      ])
      .optional()
      .catch(undefined),
    extractRefreshJob: notes,
    runFlowJobType: notes,
    subscriptionJobType: notes,
    updateUploadedFileJob: notes,
    extractCreationJob: notes,
  }),
});

export const jobs: JobKnowledge = {
  scope: "tableau:jobs:read",
  path: (id) => `/jobs/${encodeURIComponent(id)}`,
  shows: ({ method, template }) => method === "GET" && template === "/sites/{siteId}/jobs/{jobId}",
  read: (body) => {
    const answer = jobAnswer.safeParse(body);
    return answer.success ? { id: answer.data.job.id, ...ending(answer.data.job) } : null;
  },
};

/** A job has ended when it has `completedAt`: `finishCode` is there before, and may be 1 at progress 0 (reference §6.1). */
function ending(job: z.infer<typeof jobAnswer>["job"]): Pick<Job, "state" | "notes"> {
  if (job.completedAt === undefined || job.completedAt === "") return { state: "open", notes: "" };
  // 0 is success and 3 completed, 1 failed and 2 cancelled. inferred: what ended without a code did not fail.
  const isSuccess = job.finishCode === undefined || job.finishCode === "0" || job.finishCode === "3";
  return { state: isSuccess ? "succeeded" : "unsuccessful", notes: notesOf(job) };
}

/** In characters: they stand in an error's message, and whole in the job itself. */
const LONGEST_NOTES = 1000;

function notesOf(job: z.infer<typeof jobAnswer>["job"]): string {
  const status = Array.isArray(job.statusNotes) ? job.statusNotes : (job.statusNotes?.statusNote ?? []);
  const said = [
    job.extractRefreshJob?.notes,
    job.runFlowJobType?.notes,
    job.subscriptionJobType?.notes,
    job.updateUploadedFileJob?.notes,
    job.extractCreationJob?.notes,
    ...status.map(({ text }) => text),
  ];
  return said
    .filter((text) => text !== undefined && text !== "")
    .join(" ")
    .slice(0, LONGEST_NOTES)
    .toWellFormed();
}
