import { Skeleton } from "@easel/design/skeleton";
import { useView } from "../view.ts";

/** The card's shape, before its content. */
export function LoadingScreen() {
  const { strings } = useView();
  return (
    <div className="flex flex-col gap-6">
      <h1 id="title" tabIndex={-1} className="sr-only">
        {strings.loading}
      </h1>
      <div className="flex flex-col gap-2">
        <Skeleton shape="h-6 w-3/4" />
        <Skeleton shape="h-4 w-full" />
        <Skeleton shape="h-4 w-1/2" />
      </div>
      <div className="flex flex-col gap-2">
        <Skeleton shape="h-4 w-2/5" />
        <Skeleton shape="h-10 w-full" />
        <Skeleton shape="h-4 w-3/5" />
      </div>
      <Skeleton shape="h-10 w-full" />
    </div>
  );
}
