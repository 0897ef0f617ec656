import { useHouse } from './contract-house.js';

// The real `twilio` package against the simulator. The suites register their tests as they are imported.
useHouse((origin) => Promise.resolve(origin));

await import('./messages.suite.js');
await import('./inbound.suite.js');
await import('./conversations.suite.js');
await import('./participants.suite.js');
await import('./conversation-messages.suite.js');
await import('./conversation-hooks.suite.js');
await import('./conversation-services.suite.js');
await import('./channels.suite.js');
await import('./content.suite.js');
await import('./rcs.suite.js');
await import('./verify.suite.js');
await import('./calls.suite.js');
await import('./outbound-calls.suite.js');
await import('./conferences.suite.js');
await import('./relay.suite.js');
await import('./stream.suite.js');
await import('./call-sequences.suite.js');
await import('./any-calls.suite.js');
await import('./faults.suite.js');
