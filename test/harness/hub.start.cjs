// node hub.start.cjs <file>: runs the hub that `hub.bundle.mjs` has put into one file, with what V8 has compiled of it before.
const fs = require('node:fs');
const Module = require('node:module');
const path = require('node:path');
const vm = require('node:vm');

const file = process.argv[2];
const compiled = `${file}.compiled`;
const isCompiling = process.env.COMPILE_HUB === 'yes';

const script = new vm.Script(`(function (exports, require, module, __filename, __dirname) {${fs.readFileSync(file, 'latin1')}\n})`, {
  filename: file, cachedData: isCompiling ? undefined : fs.readFileSync(compiled), importModuleDynamically: vm.constants.USE_MAIN_CONTEXT_DEFAULT_LOADER,
});
if (isCompiling) process.on('exit', () => fs.writeFileSync(compiled, script.createCachedData()));
const hub = new Module(file, null);
hub.filename = file;
hub.paths = Module._nodeModulePaths(path.dirname(file));
script.runInThisContext()(hub.exports, Module.createRequire(file), hub, file, path.dirname(file));
