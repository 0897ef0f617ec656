// Builds the browser's pages, when their sources, or the packages they are made of, have changed since the last time.
import { createHash } from 'node:crypto';
import fs from 'node:fs';
import path from 'node:path';
import { fileURLToPath } from 'node:url';
import { gzipSync } from 'node:zlib';

const root = fileURLToPath(new URL('..', import.meta.url));
const web = path.join(root, 'libs', 'web');
const dist = path.join(web, 'dist');
const stampFile = path.join(dist, '.stamp');
// Inside the old build's folder, so that moving is a rename; a page being served never finds half of a new one.
const fresh = path.join(web, 'dist', `.next-${process.pid}`);

/** Pages of other people load it with every visit: its bytes, gzipped, may be so many and no more. */
const WIDGET_BUDGET = 35_000;

const PAGES = ['widget.js', 'website.html', 'index.html'];

const files = (folder) =>
  fs.readdirSync(folder, { withFileTypes: true })
    .filter(({ name }) => name !== 'dist' && name !== 'node_modules')
    .flatMap((entry) => (entry.isDirectory() ? files(path.join(folder, entry.name)) : [path.join(folder, entry.name)]))
    .sort();

function stampOf() {
  const hash = createHash('sha256');
  for (const file of [...files(web), path.join(root, 'package.json'), fileURLToPath(import.meta.url)]) {
    hash.update(path.relative(root, file)).update('\0').update(fs.readFileSync(file)).update('\0');
  }
  return hash.digest('hex');
}

async function build() {
  // Anything else, a NODE_ENV=test of a test run say, would make Vite build React's slow development version.
  process.env.NODE_ENV = 'production';
  const { build: viteBuild } = await import('vite');
  await viteBuild({ root: web, configFile: path.join(web, 'vite.config.ts'), logLevel: 'warn', build: { outDir: fresh, emptyOutDir: true } });
  await viteBuild({ root: web, configFile: path.join(web, 'vite.widget.config.ts'), logLevel: 'warn', build: { outDir: fresh, emptyOutDir: false } });
  fs.copyFileSync(path.join(web, 'website.html'), path.join(fresh, 'website.html'));
  const size = gzipSync(fs.readFileSync(path.join(fresh, 'widget.js')), { level: 9 }).length;
  if (size > WIDGET_BUDGET) throw new Error(`widget.js has ${size} bytes when gzipped; it may have ${WIDGET_BUDGET}.`);
}

/** Assets first, the page that names them last; what is older goes afterwards. */
function putInPlace() {
  const assets = path.join(dist, 'assets');
  fs.mkdirSync(assets, { recursive: true });
  const names = fs.readdirSync(path.join(fresh, 'assets'));
  for (const name of names) fs.renameSync(path.join(fresh, 'assets', name), path.join(assets, name));
  for (const name of PAGES) fs.renameSync(path.join(fresh, name), path.join(dist, name));
  for (const name of fs.readdirSync(assets)) if (!names.includes(name)) fs.rmSync(path.join(assets, name), { force: true });
  fs.rmSync(fresh, { recursive: true, force: true });
}

const started = performance.now();
const stamp = stampOf();
const built = fs.existsSync(stampFile) && fs.readFileSync(stampFile, 'utf8') === stamp && PAGES.every((name) => fs.existsSync(path.join(dist, name)));
if (!built) {
  await build();
  putInPlace();
  fs.writeFileSync(stampFile, stamp);
}
const seconds = ((performance.now() - started) / 1_000).toFixed(1);
process.stdout.write(built ? 'web: up to date\n' : `web: built in ${seconds} s\n`);
