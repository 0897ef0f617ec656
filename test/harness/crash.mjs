// Preloaded into a hub that is to die: ends the process, with no chance to tidy up, at the point it is told.
const [name, nth = '1'] = (process.env.CRASH_AT ?? '').split('#');
let left = Number(nth);

globalThis[Symbol.for('throughline.point')] = (point) => {
  if (point !== name || --left > 0) return;
  process.kill(process.pid, 'SIGKILL');
  return new Promise(() => undefined);
};
