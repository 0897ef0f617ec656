import fs from 'node:fs';

export default async function teardown() {
  const { server, folder, judge } = globalThis.throughlineTest ?? {};
  await judge?.close();
  await server?.stop();
  if (folder) fs.rmSync(folder, { recursive: true, force: true });
}
