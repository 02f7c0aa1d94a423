import { Skeleton } from "@easel/design/skeleton";
import { LogOut } from "lucide-react";
import { type MouseEvent, type ReactNode, useEffect, useRef } from "react";
import type { Person } from "../../src/contract.ts";
import { Avatar } from "./avatar.tsx";
import { Logo } from "./logo.tsx";

export type FrameProps = {
  path: string;
  go: (path: string) => void;
  person: Person;
  onSignOut: () => void;
  children: ReactNode;
};

const pages = [
  { path: "/", title: "Reports" },
  { path: "/developer", title: "Developer" },
];

/** The top of every page, and the page below it. */
export function Frame({ path, go, person, onSignOut, children }: FrameProps) {
  function follow(event: MouseEvent, to: string) {
    if (event.metaKey || event.ctrlKey || event.shiftKey) return;
    event.preventDefault();
    go(to);
  }
  return (
    <>
      <header className="border-b border-line bg-surface">
        <div className="mx-auto flex max-w-6xl flex-wrap items-center gap-x-8 px-4 sm:px-6">
          <div className="py-3.5">
            <Logo />
          </div>
          <nav aria-label="Pages" className="order-last -mx-3 flex w-full gap-1 sm:order-none sm:w-auto">
            {pages.map((page) => (
              <a
                key={page.path}
                href={page.path}
                aria-current={page.path === path ? "page" : undefined}
                onClick={(event) => follow(event, page.path)}
                className="-mb-px border-b-2 border-transparent px-3 py-2.5 font-medium text-ink-soft hover:text-ink aria-[current=page]:border-accent aria-[current=page]:text-ink sm:py-4"
              >
                {page.title}
              </a>
            ))}
          </nav>
          <div className="ml-auto flex min-w-0 items-center gap-2.5">
            <Avatar name={person.name} small />
            <div className="hidden min-w-0 flex-col sm:flex">
              <span className="truncate text-form font-medium">{person.name}</span>
              <span className="truncate text-caption text-ink-soft">{person.role}</span>
            </div>
            <button
              type="button"
              onClick={onSignOut}
              className="ml-1 inline-flex min-h-9 cursor-pointer items-center gap-1.5 rounded-inner px-2 text-form font-medium text-ink-soft hover:bg-sunken hover:text-ink"
            >
              <LogOut aria-hidden size={16} strokeWidth={1.5} />
              Sign out
            </button>
          </div>
        </div>
      </header>
      <main className="mx-auto flex max-w-6xl flex-col gap-6 px-4 py-8 sm:px-6">{children}</main>
    </>
  );
}

/** The frame before it is known who is signed in. */
export function FrameSkeleton() {
  return (
    <>
      <header className="border-b border-line bg-surface">
        <div className="mx-auto flex max-w-6xl items-center px-4 py-3.5 sm:px-6">
          <Logo />
        </div>
      </header>
      <main aria-busy="true" className="mx-auto flex max-w-6xl flex-col gap-6 px-4 py-8 sm:px-6">
        <h1 className="sr-only">Acme is loading</h1>
        <Skeleton shape="h-8 w-40" />
        <Skeleton shape="h-28 w-full" />
        <Skeleton shape="h-64 w-full" />
      </main>
    </>
  );
}

/** A page's title and its one sentence of purpose. Takes the focus when the page comes, so that it is read aloud. */
export function PageTitle({ title, children }: { title: string; children: ReactNode }) {
  const heading = useRef<HTMLHeadingElement>(null);
  useEffect(() => heading.current?.focus(), []);
  return (
    <div className="flex flex-col gap-1">
      <h1 ref={heading} tabIndex={-1} className="text-display font-semibold tracking-tight">
        {title}
      </h1>
      <p className="max-w-prose text-ink-soft">{children}</p>
    </div>
  );
}
