import type { Role } from "../core/role.ts";

/** The people of the demo's staff, invented: as each of them anybody at this machine may look around. */
export const demoStaff: readonly { id: string; name: string; role: Role }[] = [
  { id: "demo-treasurer", name: "Tamilla Treasurer", role: "treasurer" },
  { id: "demo-reviewer", name: "Rashid Reviewer", role: "reviewer" },
  { id: "demo-board", name: "Beyim Board", role: "board" },
];
