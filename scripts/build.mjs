// src/ → lib/ (tsc) → dist/ (ncc): three thin entries over one shared engine, byte-reproducible.
// `node scripts/build.mjs --check` builds into a temporary folder and fails when dist/ is anything else.
import { spawnSync } from "node:child_process";
import { mkdir, mkdtemp, readdir, readFile, rm, writeFile } from "node:fs/promises";
import { createRequire } from "node:module";
import { tmpdir } from "node:os";
import { dirname, join, relative } from "node:path";
import { fileURLToPath } from "node:url";

const root = fileURLToPath(new URL("..", import.meta.url));
const ncc = createRequire(import.meta.url)("@vercel/ncc");

const ENTRIES = ["main", "post", "cli"];

/** Makes an entry load the one engine at run time, on the paths of dist/, instead of taking it into its own bundle. */
async function leaveEngineOutside(file) {
  const code = await readFile(file, "utf8");
  const bundled = code.replaceAll('import("./engine.js")', 'import(/* webpackIgnore: true */ "../engine/index.js")');
  if (bundled === code) throw new Error(`${file} does not load the engine.`);
  await writeFile(file, bundled);
}

/** Bundles one compiled file, with the licences of what it contains in a file of that name. */
async function bundle(file, folder, license) {
  const { code, assets } = await ncc(join(root, "lib", file), {
    cache: false,
    license,
    quiet: true,
    minify: false,
    target: "es2022",
  });
  await mkdir(folder, { recursive: true });
  await writeFile(join(folder, "index.js"), code);
  for (const [name, asset] of Object.entries(assets)) {
    await mkdir(dirname(join(folder, name)), { recursive: true });
    await writeFile(join(folder, name), asset.source);
  }
}

/** Builds everything into `target`. */
async function build(target) {
  await rm(join(root, "lib"), { recursive: true, force: true });
  const tsc = spawnSync(process.execPath, [join(root, "node_modules/typescript/bin/tsc"), "-p", root], {
    stdio: "inherit",
  });
  if (tsc.status !== 0) process.exit(tsc.status ?? 1);
  await rm(target, { recursive: true, force: true });
  await bundle("engine.js", join(target, "engine"), "licenses.txt");
  for (const entry of ENTRIES) {
    await leaveEngineOutside(join(root, "lib", `${entry}.js`));
    await bundle(`${entry}.js`, join(target, entry));
  }
}

/** Every file below `folder`, as relative path → content. */
async function content(folder) {
  const entries = await readdir(folder, { recursive: true, withFileTypes: true });
  const files = entries.filter((entry) => entry.isFile()).map((entry) => join(entry.parentPath, entry.name));
  return new Map(
    await Promise.all(files.sort().map(async (file) => [relative(folder, file), await readFile(file, "latin1")])),
  );
}

if (process.argv.includes("--check")) {
  const fresh = await mkdtemp(join(tmpdir(), "repro-gate-dist-"));
  try {
    await build(fresh);
    const [committed, built] = await Promise.all([content(join(root, "dist")), content(fresh)]);
    const names = new Set([...committed.keys(), ...built.keys()]);
    const different = [...names].filter((name) => committed.get(name) !== built.get(name)).sort();
    if (different.length > 0) {
      console.error(
        `dist/ is not what the source builds: ${different.join(", ")}. Run "npm run build" and commit dist/.`,
      );
      process.exitCode = 1;
    } else {
      console.log(`dist/ is what the source builds (${names.size} files).`);
    }
  } finally {
    await rm(fresh, { recursive: true, force: true });
  }
} else {
  await build(join(root, "dist"));
}
