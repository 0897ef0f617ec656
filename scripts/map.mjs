// Writes docs/map.md from the table in .dependency-cruiser.cjs. With --check it only says whether the file is current.
import fs from 'node:fs';
import { createRequire } from 'node:module';
import path from 'node:path';

const ROOT = path.resolve(import.meta.dirname, '..');
const FILE = path.join(ROOT, 'docs/map.md');
const { rooms, libs } = createRequire(import.meta.url)('../.dependency-cruiser.cjs');

const text = page();
if (process.argv.includes('--check')) {
  const current = fs.existsSync(FILE) && fs.readFileSync(FILE, 'utf8') === text;
  if (!current) console.error('docs/map.md is not what .dependency-cruiser.cjs says. Run: npm run docs:map');
  process.exit(current ? 0 : 1);
}
fs.writeFileSync(FILE, text);

function page() {
  return `# The map of the house

Written by \`npm run docs:map\` from the table in \`.dependency-cruiser.cjs\`, which also drives the lint and a test.

**The rule in one sentence:** imports point towards the record; another room is entered only through the files that carry
its name (\`<room>.module|service|types|guard.ts\`). Something lower wakes something higher by a job name from
\`libs/queues/src/job-catalog.ts\`, never by an import.

## Rooms (\`src/\`)

| rank | room | owns | may import |
| --- | --- | --- | --- |
${Object.entries(rooms).map(([room, { rank, owns, may }]) => `| ${rank} | \`${room}/\` | ${owns} | ${may.join(', ') || 'no room'} |`).join('\n')}

\`\`\`mermaid
flowchart BT
${['door', 'work', 'record'].map((rank) => `  subgraph ${rank}\n${Object.entries(rooms).filter(([, room]) => room.rank === rank).map(([name]) => `    ${name}`).join('\n')}\n  end`).join('\n')}
${Object.entries(rooms).flatMap(([room, { may }]) => may.map((other) => `  ${room} --> ${other}`)).join('\n')}
\`\`\`

## Libraries (\`libs/\`): plumbing that has never heard of a room

| lib | may import |
| --- | --- |
${Object.entries(libs).map(([lib, may]) => `| \`${lib}\` | ${may.join(', ') || 'nothing'} |`).join('\n')}

## One text, there and back

Ten files, in the order in which a customer's SMS passes them:

1. \`src/channels/twilio-webhooks.controller.ts\`: the webhook, behind \`src/tenancy/tenancy.guard.ts\` (signature).
2. \`src/channels/channels.service.ts\`: whose number is it (\`inbound.parser.ts\` reads the wire).
3. \`src/conversations/receive.service.ts\`: one transaction: message, participant, owner, outbox. Then Twilio is answered.
4. \`libs/queues/src/outbox.ts\`: the jobs are rows first, and handed to BullMQ right after the commit (\`relay.ts\`, \`sweep.ts\`).
5. \`src/assistant/assistant.service.ts\`: the turn: is the assistant still the owner, is this still the newest message?
6. \`src/memory/memory.service.ts\`: what the model is shown.
7. \`src/conversations/speaking.service.ts\`: the reply, refused if it is stale.
8. \`src/delivery/sending.service.ts\`: claim (\`claim.service.ts\`), send, save; look up before sending again.
9. \`src/channels/twilio-messaging.sender.ts\`: the call to Twilio.
10. \`src/delivery/receipts.service.ts\`: what became of it. Meanwhile \`src/mirror/copying.service.ts\` copied both messages into the Conversation.
`;
}
