// Tries to connect to the socket directory in argv and prints the answer as JSON: tests run it as other OS users.
import { shakeHands } from "./handshake.ts";

const [socketDirectory = ""] = process.argv.slice(2);
process.stdout.write(JSON.stringify(await shakeHands(socketDirectory, 5_000)));
