// Phone calls: from what a caller said to the first token of the answer, alone and among 500 sockets, and from a call that comes in to what Twilio is told.
import { randomBytes } from 'node:crypto';
import http from 'node:http';
import twilio from 'twilio';
import { WebSocket } from 'ws';
import { NUMBER, openHouse, phone, quantile } from './house.mjs';
import { openAtTwilio, seedPeople } from './seed.mjs';

const SOCKETS = Number(process.env.BENCH_CALLS ?? 500);
/** Somebody says something every 25 seconds in each of 500 calls. */
const TURNS_PER_SECOND = 20;
const CALLS_PER_SECOND = 20;
const agent = new http.Agent({ keepAlive: true, maxSockets: 64 });

export async function voice({ seconds }) {
  const house = await openHouse();
  try {
    await seedPeople(house.pool, SOCKETS, 4, await openAtTwilio(house, SOCKETS));
    const [alone] = await callAll(house, 0, 1);
    await inTurn(alone.line, 20);
    const one = await inTurn(alone.line, Math.min(200, seconds * 4));
    const others = await callAll(house, 1, SOCKETS);
    const lines = others.map(({ line }) => line);
    await paced(lines, TURNS_PER_SECOND, TURNS_PER_SECOND * 3);
    const cpu = house.web.cpu();
    const many = await paced(lines, TURNS_PER_SECOND, TURNS_PER_SECOND * Math.min(seconds, 30));
    const each = (house.web.cpu() - cpu) / many.length;
    return [
      { what: 'caller\'s words -> first token out, one call', budget: 'p50 <= 10 ms, p95 <= 50 ms', figure: `p50 ${ms(one, 0.5)}, p95 ${ms(one, 0.95)}, ${one.length} turns` },
      { what: `the same among ${lines.length + 1} calls, ${TURNS_PER_SECOND} turns a second`, budget: 'p99 <= 100 ms', figure: `p50 ${ms(many, 0.5)}, p99 ${ms(many, 0.99)}, ${many.length} turns` },
      { what: `a call comes in -> TwiML, ${CALLS_PER_SECOND}/s`, budget: '<= 200 ms', figure: `p50 ${ms(others.map(({ took }) => took), 0.5)}, p99 ${ms(others.map(({ took }) => took), 0.99)}` },
      { what: 'processor time of the web process for a turn among them', figure: `${each.toFixed(1)} ms` },
      { what: 'memory of the web process with them', figure: `${house.web.rss().toFixed(0)} MB` },
    ];
  } finally {
    await house.close();
  }
}

const ms = (times, share) => `${quantile(times.toSorted((a, b) => a - b), share).toFixed(1)} ms`;

/** Calls of these people, each with its socket. */
async function callAll(house, from, to) {
  const calls = [];
  const started = performance.now();
  for (let index = from; index < to; index++) {
    await until(started + ((index - from) * 1_000) / CALLS_PER_SECOND);
    calls.push(call(house, phone(index)));
  }
  return Promise.all(calls);
}

async function call({ hub, account }, from) {
  const url = `${hub}/webhooks/twilio/voice`;
  const callSid = `CA${randomBytes(16).toString('hex')}`;
  const form = { CallSid: callSid, AccountSid: account.sid, From: from, To: NUMBER, CallStatus: 'ringing', Direction: 'inbound', ApiVersion: '2010-04-01', StirVerstat: 'TN-Validation-Passed-A' };
  const begun = performance.now();
  const twiml = await post(url, form, twilio.getExpectedTwilioSignature(account.authToken, url, form));
  const took = performance.now() - begun;
  const address = /url="(ws[^"]+)"/.exec(twiml)?.[1];
  if (!address) throw new Error(`no socket in ${twiml}`);
  return { took, line: await Line.open(address, account, { callSid, from }) };
}

/** Twilio's side of one socket. */
class Line {
  constructor(socket) {
    this.socket = socket;
    socket.on('message', (data) => {
      const frame = JSON.parse(String(data));
      if (frame.type !== 'text') return;
      if (frame.token && this.heard) this.heard = void this.heard(performance.now());
      if (frame.last && this.ended) this.ended = void this.ended();
    });
  }

  static async open(address, { sid, authToken }, { callSid, from }) {
    const socket = new WebSocket(address, { headers: { 'X-Twilio-Signature': twilio.getExpectedTwilioSignature(authToken, address, {}) }, perMessageDeflate: false });
    await new Promise((resolve, reject) => socket.once('open', resolve).once('error', reject));
    const setup = { type: 'setup', sessionId: `VX${randomBytes(16).toString('hex')}`, accountSid: sid, callSid, parentCallSid: '', from, to: NUMBER, direction: 'inbound', callType: 'PSTN', callStatus: 'RINGING' };
    socket.send(JSON.stringify({ ...setup, forwardedFrom: '', callerName: '', customParameters: {} }));
    return new Line(socket);
  }

  /** @returns milliseconds until the first token of the answer. Resolves when that is whole */
  async asks() {
    const begun = performance.now();
    const heard = new Promise((resolve) => (this.heard = resolve));
    const ended = new Promise((resolve) => (this.ended = resolve));
    this.socket.send(JSON.stringify({ type: 'prompt', voicePrompt: 'When are you open?', lang: 'en-US', last: true }));
    const late = setTimeout(() => { throw new Error('no answer within 30 s'); }, 30_000);
    const first = (await heard) - begun;
    await ended;
    clearTimeout(late);
    return first;
  }
}

/** One question after the other. Nobody asks the next one before they have heard an answer: by then the hub has noted the last one. */
async function inTurn(line, count) {
  const turns = [];
  for (let turn = 0; turn < count; turn++) {
    turns.push(await line.asks());
    await new Promise((resolve) => setTimeout(resolve, 150));
  }
  return turns;
}

/** So many turns a second, by one caller after the other. */
async function paced(lines, perSecond, total) {
  const turns = [];
  const started = performance.now();
  for (let index = 0; index < total; index++) {
    await until(started + (index * 1_000) / perSecond);
    turns.push(lines[index % lines.length].asks());
  }
  return Promise.all(turns);
}

async function until(at) {
  const wait = at - performance.now();
  if (wait > 1) await new Promise((resolve) => setTimeout(resolve, wait));
}

function post(url, form, signature) {
  const payload = new URLSearchParams(form).toString();
  return new Promise((resolve, reject) => {
    const request = http.request(url, {
      method: 'POST', agent, headers: { 'Content-Type': 'application/x-www-form-urlencoded', 'Content-Length': Buffer.byteLength(payload), 'X-Twilio-Signature': signature },
    }, (response) => {
      let body = '';
      response.setEncoding('utf8').on('data', (chunk) => (body += chunk)).on('end', () => resolve(body));
    });
    request.on('error', reject);
    request.end(payload);
  });
}
