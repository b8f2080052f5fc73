/** Everything that takes longer to load than an entry may take to refuse bad input; what not every job needs, on call. */
export { heal } from "./heal.js";
export { runAction } from "./run-action.js";
export { runDesk } from "./run-desk.js";

import type { DemoOptions } from "./demo/run-demo.js";

export async function runDemo(options: DemoOptions): Promise<number> {
  return (await import("./demo/run-demo.js")).runDemo(options);
}

export async function runDoctor(options: {
  readonly project: string | undefined;
  readonly json: boolean;
}): Promise<number> {
  return (await import("./doctor/run-doctor.js")).runDoctor(options);
}
