import { Card } from "@easel/design/card";
import { decodeJwt } from "jose";

/** What Acme's backend says about the person, in the user token that the browser holds. */
export function UserTokenCard({ ready }: { ready: boolean }) {
  const token = ready ? window.acme?.userToken : undefined;
  if (token === undefined) return null;
  return (
    <Card className="rounded-card">
      <section aria-labelledby="user-token" className="flex flex-col gap-4 p-5">
        <div className="flex flex-col gap-1">
          <h2 id="user-token" className="font-semibold">
            Your user token
          </h2>
          <p className="text-form text-ink-soft">
            Acme's backend signed these claims with the project's key, for one hour. The browser gets a new one before
            it ends.
          </p>
        </div>
        <section
          aria-label="Claims of the user token"
          // biome-ignore lint/a11y/noNoninteractiveTabindex: it scrolls sideways on a phone, and the keyboard must reach that.
          tabIndex={0}
          className="overflow-x-auto rounded-box bg-sunken px-4 py-3"
        >
          <pre className="font-mono text-caption leading-5">{JSON.stringify(decodeJwt(token), null, 2)}</pre>
        </section>
      </section>
    </Card>
  );
}
