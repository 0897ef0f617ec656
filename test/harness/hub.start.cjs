// node hub.start.cjs <file>: runs the hub that `hub.bundle.mjs` has put into one file, with what V8 has compiled of it before.
const fs = require('node:fs');
const Module = require('node:module');
const path = require('node:path');
const v8 = require('node:v8');
const vm = require('node:vm');

/** Most hubs under test are gone by then. For one that lives on, it pays to have what is used often compiled: a tenth of its processor time. */
const LIVES_ON_MS = 5_000;

const file = process.argv[2];
const compiled = `${file}.compiled`;
const isCompiling = process.env.COMPILE_HUB === 'yes';

const script = new vm.Script(`(function (exports, require, module, __filename, __dirname) {${fs.readFileSync(file, 'latin1')}\n})`, {
  filename: file, cachedData: isCompiling ? undefined : fs.readFileSync(compiled), importModuleDynamically: vm.constants.USE_MAIN_CONTEXT_DEFAULT_LOADER,
});
if (isCompiling) process.on('exit', () => fs.writeFileSync(compiled, script.createCachedData()));
else setTimeout(() => v8.setFlagsFromString('--opt'), LIVES_ON_MS).unref();
const hub = new Module(file, null);
hub.filename = file;
hub.paths = Module._nodeModulePaths(path.dirname(file));
script.runInThisContext()(hub.exports, Module.createRequire(file), hub, file, path.dirname(file));
