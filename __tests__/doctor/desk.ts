import { execFile } from "node:child_process";
import { mkdir, mkdtemp, realpath, rm, writeFile } from "node:fs/promises";
import { createServer, type IncomingMessage, type ServerResponse } from "node:http";
import { tmpdir } from "node:os";
import { dirname, join } from "node:path";
import { promisify } from "node:util";
import { onTestFinished } from "vitest";
import { plain } from "../../src/core/sentence.js";
import { Checkout } from "../../src/doctor/checkout.js";
import type { Finding, Findings } from "../../src/doctor/finding.js";

const execute = promisify(execFile);

/** A project that the gate has nothing to say against. */
export const SOUND: Readonly<Record<string, string>> = {
  MLproject: `name: wine
python_env: python_env.yaml
entry_points:
  main:
    parameters:
      data_path: {type: path, default: data/wine.csv}
      max_depth: {type: int, default: 2}
    command: python train.py --data {data_path} --depth {max_depth}
`,
  "python_env.yaml": 'python: "3.11"\ndependencies: [mlflow-skinny==3.17.2, scikit-learn==1.9.1]\n',
  "data/wine.csv": "a,b\n1,2\n",
  "train.py": "print(1)\n",
};

export const SOUND_WORKFLOW = `on:
  pull_request:
  merge_group:
permissions: { contents: read, pull-requests: write }
jobs:
  gate:
    runs-on: ubuntu-latest
    steps:
      - uses: actions/checkout@v6
        with: { fetch-depth: 0 }
      - uses: somebody/mlflow-repro-gate@v1
`;

/** A real repository in a temporary folder, with a home of its own, that is gone after the test. */
export class DeskRepository {
  readonly folder: string;
  readonly home: string;

  private constructor(root: string) {
    this.folder = join(root, "repository");
    this.home = join(root, "home");
  }

  /** A repository with one commit of the files. */
  static async create(files: Readonly<Record<string, string>> = SOUND): Promise<DeskRepository> {
    const repository = await DeskRepository.bare();
    await repository.git("init", "--quiet", "--initial-branch=main");
    await repository.commit(files);
    return repository;
  }

  /** The folder alone, without git. */
  static async bare(): Promise<DeskRepository> {
    const root = await realpath(await mkdtemp(join(tmpdir(), "doctor-")));
    onTestFinished(() => rm(root, { recursive: true, force: true }));
    const repository = new DeskRepository(root);
    await mkdir(repository.folder);
    await mkdir(repository.home);
    return repository;
  }

  get env(): Record<string, string> {
    return { PATH: process.env.PATH ?? "", HOME: this.home };
  }

  async write(files: Readonly<Record<string, string>>): Promise<void> {
    for (const [path, content] of Object.entries(files)) {
      await mkdir(dirname(join(this.folder, path)), { recursive: true });
      await writeFile(join(this.folder, path), content);
    }
  }

  async commit(files: Readonly<Record<string, string>>): Promise<void> {
    await this.write(files);
    await this.git("add", "--all");
    await this.git("commit", "--quiet", "--allow-empty", "--message=change");
  }

  async git(...args: readonly string[]): Promise<string> {
    const identity = ["-c", "user.name=t", "-c", "user.email=t@localhost", "-c", "protocol.file.allow=always"];
    const { stdout } = await execute("git", [...identity, ...args], { cwd: this.folder, env: this.env });
    return stdout.trim();
  }

  /** The repository as the doctor sees it. */
  async checkout(): Promise<Checkout> {
    return Checkout.open(this.folder, await this.temporary(), this.env);
  }

  async temporary(): Promise<string> {
    return mkdtemp(join(this.home, "temporary-"));
  }
}

/** "status: message → advice" of every finding. */
export function words(findings: Findings | readonly Finding[]): string[] {
  const found = "found" in findings ? findings.found : findings;
  return found.map(({ advice, message, status }) =>
    [`${status}: ${plain(message)}`, ...(advice.length === 0 ? [] : [plain(advice)])].join(" → "),
  );
}

export interface MlflowRun {
  readonly tags?: Readonly<Record<string, string>>;
  readonly status?: string;
}

/** Answers like an MLflow tracking server with one experiment, as far as the doctor asks. */
export async function startTracking(runs: readonly MlflowRun[], experiment = "wine"): Promise<string> {
  const found = { experiment: { experiment_id: "7", name: experiment, lifecycle_stage: "active" } };
  return startServer((request, response) => {
    const url = new URL(request.url ?? "", "http://localhost");
    const name = url.searchParams.get("experiment_name");
    if (url.pathname.endsWith("/runs/search")) return json(response, 200, { runs: runs.map(toRun) });
    if (name === experiment) return json(response, 200, found);
    return json(response, 404, { error_code: "RESOURCE_DOES_NOT_EXIST", message: "no" });
  });
}

/** A loopback server that ends with the test. */
export async function startServer(
  answer: (request: IncomingMessage, response: ServerResponse) => void,
): Promise<string> {
  const server = createServer(answer);
  await new Promise<void>((resolve) => server.listen(0, "127.0.0.1", resolve));
  onTestFinished(() => {
    server.closeAllConnections();
    server.close();
  });
  const address = server.address();
  if (address === null || typeof address === "string") throw new Error("The server has no port.");
  return `http://127.0.0.1:${address.port}`;
}

export function json(response: ServerResponse, status: number, body: unknown): void {
  response.writeHead(status, { "content-type": "application/json" }).end(JSON.stringify(body));
}

function toRun({ status = "FINISHED", tags = {} }: MlflowRun, index: number) {
  return {
    info: {
      run_id: index.toString(16).padStart(32, "0"),
      run_name: `run-${index}`,
      experiment_id: "7",
      status,
      start_time: 1_760_000_000_000 - index,
      lifecycle_stage: "active",
    },
    data: {
      metrics: [{ key: "rmse", value: 0.5, timestamp: 1, step: 0 }],
      tags: Object.entries(tags).map(([key, value]) => ({ key, value })),
    },
  };
}
