/** Everything that takes longer to load than an entry may take to refuse bad input. */
export { runDemo } from "./demo/run-demo.js";
export { runDoctor } from "./doctor/run-doctor.js";
export { heal } from "./heal.js";
export { runAction } from "./run-action.js";
export { runDesk } from "./run-desk.js";
