// Open-loop load of signed messaging webhooks: requests leave on time whether or not earlier ones were answered.
import { randomBytes } from 'node:crypto';
import http from 'node:http';
import twilio from 'twilio';
import { NUMBER, phone, quantile } from './house.mjs';

const agent = new http.Agent({ keepAlive: true, maxSockets: 256 });

export async function sendWebhooks({ origin, account, perSecond, seconds, people, body = 'What are your opening hours?' }) {
  const url = `${origin}/webhooks/twilio/messaging`;
  const latencies = [];
  let errors = 0;
  /** What went wrong, by its name. */
  const kinds = new Set();
  const fails = (kind) => { errors += 1; kinds.add(kind); };
  const open = [];
  const total = perSecond * seconds;
  const started = performance.now();
  for (let index = 0; index < total; index++) {
    const due = started + (index * 1_000) / perSecond;
    const wait = due - performance.now();
    if (wait > 1) await new Promise((resolve) => setTimeout(resolve, wait));
    open.push(post(url, account, phone(index % people), body).then(
      (status) => { if (status !== 200) fails(status); latencies.push(performance.now() - due); },
      (error) => fails(error.code ?? error.message),
    ));
  }
  await Promise.all(open);
  latencies.sort((a, b) => a - b);
  return { total, errors, kinds, latencies, p50: quantile(latencies, 0.5), p99: quantile(latencies, 0.99), max: latencies.at(-1) };
}

export function post(url, account, from, body) {
  const form = {
    MessageSid: `SM${randomBytes(16).toString('hex')}`, AccountSid: account.sid, From: from, To: NUMBER, Body: body, NumMedia: '0', NumSegments: '1',
    SmsStatus: 'received', ApiVersion: '2010-04-01',
  };
  const signature = twilio.getExpectedTwilioSignature(account.authToken, url, form);
  const payload = new URLSearchParams(form).toString();
  return new Promise((resolve, reject) => {
    const request = http.request(url, {
      method: 'POST', agent,
      headers: { 'Content-Type': 'application/x-www-form-urlencoded', 'Content-Length': Buffer.byteLength(payload), 'X-Twilio-Signature': signature },
    }, (response) => {
      response.resume();
      response.on('end', () => resolve(response.statusCode));
    });
    request.on('error', reject);
    request.end(payload);
  });
}
