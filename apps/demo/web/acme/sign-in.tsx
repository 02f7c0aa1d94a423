import { Notice } from "@easel/design/notice";
import { Skeleton } from "@easel/design/skeleton";
import { ChevronRight } from "lucide-react";
import { useEffect, useState } from "react";
import type { Person } from "../../src/contract.ts";
import { Avatar } from "./avatar.tsx";
import { type Answer, backend } from "./backend.ts";
import { Logo } from "./logo.tsx";
import type { Problem } from "./problem.ts";
import { ProblemNotice } from "./problem-notice.tsx";
import { Skyline } from "./skyline.tsx";

export type SignInProps = {
  /** Why the person is here again, e.g. their session ended. */
  notice: Problem | null;
  onSignedIn: (person: Person) => void;
};

/** Acme's sign-in: a choice of the sandbox's people, without a password, for this is a demo. */
export function SignIn({ notice, onSignedIn }: SignInProps) {
  const [people, setPeople] = useState<Answer<{ people: Person[] }>>();
  const [chosen, setChosen] = useState<string>();
  const [problem, setProblem] = useState<Problem>();

  useEffect(() => {
    document.title = "Sign in · Acme";
    void backend.people().then(setPeople);
  }, []);

  async function choose(person: Person) {
    if (chosen !== undefined) return;
    setChosen(person.id);
    const answer = await backend.signIn(person.id);
    setChosen(undefined);
    if (answer.kind !== "ok") setProblem(answer.problem);
    else if (answer.value.person !== null) onSignedIn(answer.value.person);
  }

  return (
    <div className="grid min-h-dvh grid-rows-[auto_1fr] lg:grid-cols-[minmax(0,5fr)_minmax(0,6fr)] lg:grid-rows-1">
      <header className="relative flex flex-col gap-10 overflow-hidden bg-pine px-6 py-5 text-on-pine sm:px-10 lg:justify-between lg:py-10">
        <Logo onPine />
        <div className="relative hidden max-w-md flex-col gap-3 lg:flex">
          <p className="text-[32px] leading-10 font-semibold tracking-tight text-balance">
            The numbers your team asks for, where the work already is.
          </p>
          <p className="text-[15px] leading-6 text-on-pine-soft">
            Acme brings each person's own Tableau projects and jobs into their day.
          </p>
        </div>
        <Skyline />
      </header>
      <main className="flex items-start justify-center px-6 py-10 sm:px-10 lg:items-center">
        <div className="flex w-full max-w-sm flex-col gap-6">
          <div className="flex flex-col gap-1">
            <h1 className="text-display font-semibold tracking-tight">Sign in to Acme</h1>
            <p className="text-ink-soft">Choose who you are today. Each of them has another role at Tableau.</p>
          </div>
          {notice === null ? null : (
            <Notice tone="waiting" title={notice.message} announced>
              <p>{notice.action}</p>
            </Notice>
          )}
          {problem === undefined ? null : <ProblemNotice problem={problem} />}
          <People people={people} chosen={chosen} onChoose={choose} />
          <p className="text-caption text-ink-faint">
            Acme is a demo that comes with Easel. It runs on this computer only and needs no password.
          </p>
        </div>
      </main>
    </div>
  );
}

type PeopleProps = {
  people: Answer<{ people: Person[] }> | undefined;
  chosen: string | undefined;
  onChoose: (person: Person) => void;
};

function People({ people, chosen, onChoose }: PeopleProps) {
  if (people === undefined)
    return (
      <div className="flex flex-col gap-2">
        {[1, 2, 3].map((key) => (
          <Skeleton key={key} shape="h-[66px] w-full rounded-card" />
        ))}
      </div>
    );
  if (people.kind !== "ok") return <ProblemNotice problem={people.problem} />;
  if (people.value.people.length === 0)
    return <Notice tone="info">The sandbox has no people yet. Restart Easel to create them.</Notice>;
  return (
    <ul className="flex flex-col gap-2">
      {people.value.people.map((person) => (
        <li key={person.id}>
          <button
            type="button"
            aria-disabled={chosen !== undefined}
            onClick={() => onChoose(person)}
            className="group flex w-full cursor-pointer items-center gap-3 rounded-card border border-line bg-surface px-4 py-3 text-left transition-colors duration-100 hover:border-accent hover:bg-accent-soft aria-disabled:cursor-default"
          >
            <Avatar name={person.name} />
            <span className="flex min-w-0 flex-1 flex-col">
              <span className="truncate font-medium">{person.name}</span>
              <span className="truncate text-form text-ink-soft">
                {chosen === person.id ? "Signing in…" : person.role}
              </span>
            </span>
            <ChevronRight
              aria-hidden
              size={16}
              strokeWidth={1.5}
              className="text-ink-faint group-hover:text-accent-ink"
            />
          </button>
        </li>
      ))}
    </ul>
  );
}
