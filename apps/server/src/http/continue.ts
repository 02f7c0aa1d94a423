import type { Server } from "node:http";
import { CountedRequest } from "./counted.ts";

/**
 * A caller that says `Expect: 100-continue` sends its body once it hears that the body is wanted (RFC 9110, section
 * 10.1.1). Node tells everyone so at once; here they hear it when somebody begins to read. Whoever is refused before gets
 * the refusal alone, and keeps the body; Node closes that connection, since the body might come all the same.
 */
export function continueWhenRead(server: Server): void {
  server.on("checkContinue", (request, response) => {
    const wanted = (): void => {
      if (!response.headersSent) response.writeContinue();
    };
    if (request instanceof CountedRequest) request.whenRead(wanted);
    else wanted();
    server.emit("request", request, response);
  });
}
