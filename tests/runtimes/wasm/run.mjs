// Run a program of a folder in a Python on WebAssembly, or in Skulpt, which is JavaScript:
//     node tests/runtimes/wasm/run.mjs pyodide|pyodide-next|micropython FOLDER PROGRAM [ARGUMENT]
//     node tests/runtimes/wasm/run.mjs skulpt FOLDER PROGRAM
// or a module of it, but not in MicroPython:
//     node tests/runtimes/wasm/run.mjs pyodide|pyodide-next FOLDER -m MODULE [ARGUMENT]
import { existsSync, readdirSync, readFileSync } from "node:fs";
import { join } from "node:path";

const [runtime, folder, ...argv] = process.argv.slice(2);
const program = `
import os, sys
sys.argv[:] = ${JSON.stringify(argv)}
os.chdir("/checkout")
if sys.argv[0] == "-m":
    import runpy
    del sys.argv[0]
    sys.path.insert(0, "")
    runpy.run_module(sys.argv[0], run_name="__main__", alter_sys=True)
else:
    with open(sys.argv[0]) as file:
        exec(file.read())
`;

async function pyodide(name) {
  const { loadPyodide } = await import(name);
  const python = await loadPyodide();
  python.FS.mkdirTree("/checkout");
  python.FS.mount(python.FS.filesystems.NODEFS, { root: folder }, "/checkout");
  python.runPython("import sys; sys.dont_write_bytecode = True");
  python.runPython(program);
}

// This build has no NODEFS: copy what the program imports into its file system.
async function micropython() {
  const { loadMicroPython } = await import(
    "@micropython/micropython-webassembly-pyscript/micropython.mjs"
  );
  const python = await loadMicroPython({ heapsize: 4 * 1024 * 1024, linebuffer: true });
  for (const inside of ["", "tests", "purenet", "purenet/core"]) {
    if (!existsSync(join(folder, inside))) continue;
    python.FS.mkdirTree(join("/checkout", inside));
    for (const name of readdirSync(join(folder, inside)).filter((n) => n.endsWith(".py"))) {
      const source = readFileSync(join(folder, inside, name));
      python.FS.writeFile(join("/checkout", inside, name), source);
    }
  }
  python.runPython(program);
}

async function skulpt() {
  const { default: Sk } = await import("skulpt");
  const library = Sk.builtinFiles.files;
  Sk.configure({
    output: (text) => process.stdout.write(text),
    read: (path) => library[path] ?? readFileSync(join(folder, path), "utf8"),
    __future__: Sk.python3,
  });
  const source = readFileSync(join(folder, argv[0]), "utf8");
  await Sk.misceval.asyncToPromise(() => Sk.importMainWithBody("<stdin>", false, source, true));
}

try {
  await ({ micropython, skulpt }[runtime] ?? pyodide)(runtime);
} catch (error) {
  // Node would print a whole minified bundle beside it; Skulpt's errors have no `message`.
  console.error(error.message ?? String(error));
  process.exit(1);
}
