/** Which Tableau the sandbox stands for: their routes and their sign-in rules differ. */
export type Edition = "cloud" | "server";
