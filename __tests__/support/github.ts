import type { LoopbackGithubOptions } from "../../src/demo/github/state.js";
import { LoopbackGithub } from "../../src/demo/loopback-github.js";
import { contractViolations } from "../contract/github-contract.js";

export interface TestGithub {
  readonly github: LoopbackGithub;
  /** In what any request or answer so far was not what GitHub describes. Tests expect none. */
  readonly violations: readonly string[];
}

/** The repository of the event payloads in `fixtures/github`, with a token that may write to pull requests. */
const HELLO_WORLD: LoopbackGithubOptions = {
  owner: "Codertocat",
  repository: "Hello-World",
  repositoryId: 186853002,
  token: "ghs_loopback",
  permissions: { "pull-requests": "write" },
};

/** Starts a GitHub whose every request and answer is held against GitHub's own description. The test closes it. */
export async function startGithub(options: Partial<LoopbackGithubOptions> = {}): Promise<TestGithub> {
  const violations: string[] = [];
  const github = await LoopbackGithub.start({ ...HELLO_WORLD, ...options }, (request) => {
    violations.push(...contractViolations(request));
  });
  return { github, violations };
}
