import { describe, expect, it } from "vitest";
import { checkWorkflows } from "../../src/doctor/check-workflows.js";
import { Findings } from "../../src/doctor/finding.js";
import { DeskRepository, SOUND_WORKFLOW, words } from "./desk.js";

async function examined(files: Readonly<Record<string, string>>, untracked: Readonly<Record<string, string>> = {}) {
  const repository = await DeskRepository.create({ x: "", ...files });
  await repository.write(untracked);
  const findings = new Findings("workflow");
  await checkWorkflows(await repository.checkout(), false, findings);
  return words(findings);
}

const LOCAL = SOUND_WORKFLOW.replace("somebody/mlflow-repro-gate@v1", "./");

describe("checkWorkflows", () => {
  it("says how to begin where nothing uses the gate", async () => {
    expect(await examined({})).toEqual([
      expect.stringMatching(/^info: There is no workflow: nothing is gated yet\. → Add/),
    ]);
    expect(await examined({ ".github/workflows/lint.yml": "on: push\n" })).toEqual([
      expect.stringMatching(/^info: No workflow among lint\.yml uses the gate/),
    ]);
  });

  it("looks at every workflow that uses it", async () => {
    const found = await examined({
      ".github/workflows/a.yml": SOUND_WORKFLOW,
      ".github/workflows/b.yaml": SOUND_WORKFLOW.replace("  merge_group:\n", ""),
      ".github/workflows/notes.md": SOUND_WORKFLOW,
    });
    expect(found).toEqual([
      "ok: .github/workflows/a.yml uses the gate as intended.",
      expect.stringMatching(/^warning: \.github\/workflows\/b\.yaml is not triggered by merge_group/),
    ]);
  });

  it("knows its own action in the repository, and no other one", async () => {
    const gate = "name: MLflow Reproducibility Gate\n";
    expect(await examined({ ".github/workflows/a.yml": LOCAL, "action.yml": gate })).toEqual([
      expect.stringMatching(/^ok: /),
    ]);
    expect(await examined({ ".github/workflows/a.yml": LOCAL, "action.yml": "name: Linter\n" })).toEqual([
      expect.stringMatching(/^info: /),
    ]);
  });

  it("says that a workflow is not committed", async () => {
    expect(await examined({}, { ".github/workflows/a.yml": SOUND_WORKFLOW })).toEqual([
      expect.stringMatching(/^warning: \.github\/workflows\/a\.yml is not tracked by git/),
    ]);
  });
});
