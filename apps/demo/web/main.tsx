import { createRoot } from "react-dom/client";
import { z } from "zod";
import { App } from "./acme/app.tsx";

// zod would else probe for `eval`, which the content security policy reports.
z.config({ jitless: true });

const root = document.getElementById("acme");
if (root !== null) createRoot(root).render(<App />);
