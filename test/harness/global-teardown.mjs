import fs from 'node:fs';

export default async function teardown() {
  const { server, folder, hub } = globalThis.throughlineTest ?? {};
  await server?.stop();
  if (hub) fs.rmSync(hub, { force: true });
  if (folder) fs.rmSync(folder, { recursive: true, force: true });
}
