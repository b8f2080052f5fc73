import { stat } from "node:fs/promises";
import { GateError } from "../../../core/gate-error.js";
import { say } from "../../../core/sentence.js";
import { run } from "../../process/command.js";
import type { MlflowProgram } from "../toolchain/toolchain.js";

/**
 * Prints the schema version of a SQLite file and the one that this MLflow migrates to, without importing MLflow
 * (seconds) and without opening the file for writing. The head is the revision that no other one follows.
 */
const SCRIPT = `
import glob, importlib.util, os, pathlib, re, sqlite3, sys, urllib.parse
spec = importlib.util.find_spec("mlflow")
folder = os.path.join(os.path.dirname(spec.origin), "store", "db_migrations", "versions")
own, followed = set(), set()
for path in glob.glob(os.path.join(folder, "*.py")):
    text = open(path, encoding="utf-8").read()
    own.update(re.findall(r'^revision(?::[^=]*)?\\s*=\\s*[\\'"]([0-9a-f]+)', text, re.M))
    line = re.search(r'^down_revision(?::[^=]*)?\\s*=\\s*(.*)$', text, re.M)
    followed.update(re.findall(r'[0-9a-f]{12,}', line.group(1)) if line else [])
uri = pathlib.Path(sys.argv[1]).absolute().as_uri() + "?mode=ro"
connection = sqlite3.connect(uri, uri=True)
try:
    found = [row[0] for row in connection.execute("select version_num from alembic_version")]
except sqlite3.OperationalError:
    found = []
tables = [row[0] for row in connection.execute("select name from sqlite_master where type = 'table'")]
print(",".join(sorted(own - followed)))
print(",".join(found))
print(len(tables))
`;

/**
 * Refuses a user's SQLite file whose schema is another MLflow's: a server would migrate it for good when it opens it.
 * A file that does not exist or is empty is fine.
 *
 * @throws GateError `tracker-answer`
 */
export async function checkStoreVersion(
  mlflow: MlflowProgram,
  file: string,
  env: Record<string, string>,
): Promise<void> {
  const size = await stat(file).then(
    (found) => found.size,
    () => 0,
  );
  if (size === 0) return;
  const probe = await run(mlflow.python, ["-I", "-c", SCRIPT, file], { cwd: "/", env });
  const [head = "", found = "", tables = "0"] = probe.stdout.trim().split("\n");
  if (probe.exitCode !== 0) {
    const words = probe.stderr.trim().split("\n").at(-1) ?? "";
    throw new GateError("tracker-answer", say`${file} cannot be read as a SQLite database: ${words}`);
  }
  if (found === head || (found === "" && tables === "0")) return;
  throw new GateError(
    "tracker-answer",
    say`${file} has the schema ${found === "" ? "of no MLflow" : found}; MLflow ${mlflow.version}, which the gate runs, has ${head}. Opening it would change it for good, so it was left alone. Run ${"mlflow db upgrade"} yourself, or start your own server and give its address.`,
  );
}
