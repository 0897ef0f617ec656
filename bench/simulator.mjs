// Twilio's simulator as a process of its own.
import { startSimulator } from '@throughline/twilio-simulator/server.js';
import { NUMBER } from './house.mjs';

const account = JSON.parse(process.env.BENCH_ACCOUNT);
await startSimulator({
  port: Number(process.env.BENCH_PORT), stepMs: 20, accounts: [account],
  numbers: [{ accountSid: account.sid, phoneNumber: NUMBER, smsUrl: `${process.env.BENCH_HUB}/webhooks/twilio/messaging`, friendlyName: 'Bench' }],
});
