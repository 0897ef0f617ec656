import { parseArgs } from 'node:util';
import type { NumberRequest } from './numbers.js';
import { startSimulator } from './server.js';

/**
 * The simulator as a process of its own:
 *   node dist/main.js --port 4010 --state .data/twilio.jsonl --account AC…:token
 *     --number +15550100001=http://127.0.0.1:3000/webhooks/twilio/messaging
 *     --voice +15550100001=http://127.0.0.1:3000/webhooks/twilio/voice
 * Without arguments: SIMULATOR_PORT, SIMULATOR_STATE, TWILIO_ACCOUNT_SID and TWILIO_AUTH_TOKEN. Prints its origin.
 */
const { values } = parseArgs({
  options: {
    port: { type: 'string' },
    state: { type: 'string' },
    account: { type: 'string', multiple: true },
    number: { type: 'string', multiple: true },
    voice: { type: 'string', multiple: true },
    'step-ms': { type: 'string' },
  },
});

const env = process.env;
const pairs = values.account ?? [
  `${env.TWILIO_ACCOUNT_SID ?? `AC${'0'.repeat(31)}1`}:${env.TWILIO_AUTH_TOKEN ?? 'sandbox'}`,
];
const accounts = pairs.map((pair) => {
  const [sid = '', authToken = ''] = pair.split(':');
  return { sid, authToken };
});
const numbersOf = (pairs: string[] | undefined, url: 'smsUrl' | 'voiceUrl'): NumberRequest[] => (pairs ?? []).map((pair) => {
  const [phoneNumber = '', address] = pair.split(/=(.*)/s);
  return { accountSid: accounts[0]!.sid, phoneNumber, [url]: address };
});
const stateFile = values.state ?? env.SIMULATOR_STATE;
const stepMs = values['step-ms'];

const twilio = await startSimulator({
  accounts,
  numbers: [...numbersOf(values.number, 'smsUrl'), ...numbersOf(values.voice, 'voiceUrl')],
  port: Number(values.port ?? env.SIMULATOR_PORT ?? 0),
  ...(stateFile ? { stateFile } : {}),
  ...(stepMs ? { stepMs: Number(stepMs) } : {}),
});
console.log(twilio.origin);

for (const signal of ['SIGINT', 'SIGTERM'] as const) process.once(
  signal, () => void twilio.close().then(() => process.exit(0)),
);
