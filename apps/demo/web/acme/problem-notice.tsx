import { CopyButton } from "@easel/design/copy-button";
import { Notice } from "@easel/design/notice";
import type { ReactNode } from "react";
import type { Problem } from "./problem.ts";

/** A problem on the page. `children` are what the person can do about it. */
export function ProblemNotice({ problem, children }: { problem: Problem; children?: ReactNode }) {
  const { message, action, code, status, requestId } = problem;
  return (
    <Notice tone="failure" title={message} announced>
      {action === "" ? null : <p>{action}</p>}
      {code === undefined && requestId === undefined ? null : (
        <p className="flex flex-wrap items-center gap-x-3 gap-y-1 text-caption text-ink-soft">
          {code === undefined ? null : <span className="font-mono">{code}</span>}
          {status === undefined ? null : <span>Status {status}</span>}
          {requestId === undefined ? null : <CopyButton text={requestId} label="Copy the request id" done="Copied" />}
        </p>
      )}
      {children === undefined ? null : <div className="mt-1 flex flex-wrap gap-2">{children}</div>}
    </Notice>
  );
}
