import net from 'node:net';

/**
 * Below the ports that systems give to outgoing connections: one of those may be taken again before whoever it is for listens there, also by
 * those who look whether they do.
 */
const PORTS = { first: 10_000, count: 20_000 };
let next = PORTS.first + Math.floor(Math.random() * PORTS.count);

export async function freePort() {
  for (;;) {
    next = next + 1 < PORTS.first + PORTS.count ? next + 1 : PORTS.first;
    // Who else asks meanwhile gets another one.
    const port = next;
    if (await isFree(port)) return port;
  }
}

function isFree(port) {
  return new Promise((resolve) => {
    const probe = net.createServer();
    probe.once('error', () => resolve(false));
    probe.listen(port, '127.0.0.1', () => probe.close(() => resolve(true)));
  });
}
