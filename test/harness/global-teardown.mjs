import fs from 'node:fs';

export default async function teardown() {
  const { server, folder, hub, judge } = globalThis.throughlineTest ?? {};
  await judge?.close();
  await server?.stop();
  for (const file of hub ? [hub, `${hub}.compiled`] : []) fs.rmSync(file, { force: true });
  if (folder) fs.rmSync(folder, { recursive: true, force: true });
}
