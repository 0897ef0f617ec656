import { randomInt } from 'node:crypto';
import type { Verification, VerifyService } from '../entities.js';
import { isRecipient } from '../messaging/address.js';
import { startMessage } from '../messaging/walk.js';
import { created, ok, route, type Answer, type Call, type Route } from '../router.js';
import { newSid } from '../sids.js';
import { badRequest, notFound, TwilioError } from '../twilio-error.js';
import { isoSeconds } from '../wire.js';
import type { World } from '../world.js';
import { sayCode } from './calling.js';
import { HOST, invalidParameter, serviceOf } from './service-routes.js';

/** Facts H: ten minutes, five sends of the same code, five tries. */
const VALID_MS = 10 * 60_000;
const MOST_SENDS = 5;
const MOST_CHECKS = 5;

const CHANNELS = new Set(['sms', 'whatsapp', 'call', 'email', 'sna', 'auto']);
/** Numbers of Twilio's own, from which its codes come. */
const FROM: Record<string, string> = { sms: '+18005550199', whatsapp: 'whatsapp:+18005550199', call: '+18005550199' };
const E164 = /^\+[1-9]\d{6,14}$/;

export function verificationRoutes(world: World): Route[] {
  return [
    route('POST', HOST, '/v2/Services/:service/Verifications', (call) => start(world, call)),
    route('GET', HOST, '/v2/Services/:service/Verifications/:verification', (call) => ok(json(find(world, call)))),
    route('POST', HOST, '/v2/Services/:service/Verifications/:verification', (call) => update(world, call)),
    route('POST', HOST, '/v2/Services/:service/VerificationCheck', (call) => check(world, call)),
  ];
}

/** While one waits to be checked, its code is sent again. */
function start(world: World, call: Call): Answer {
  const service = serviceOf(world, call);
  const { to, channel } = wayOf(world, call);
  const custom = customCode(service, call);
  const waiting = pendingOf(world, service, to);
  if (waiting && waiting.attempts.length >= MOST_SENDS) throw new TwilioError(429, 60203, 'Max send attempts reached');
  const now = world.clock.ms();
  const verification: Verification = waiting ?? {
    sid: newSid('VE'), accountSid: call.account.sid, serviceSid: service.sid, createdAt: now, updatedAt: now, to, channel, status: 'pending',
    code: custom ?? newCode(service.codeLength), checks: 0, attempts: [],
  };
  const sent = { ...verification, channel, updatedAt: now, attempts: [...verification.attempts, { at: now, channel, sid: newSid('VL') }] };
  send(world, call, service, sent);
  return created(json(world.store.verifications.save(sent)));
}

function send(world: World, call: Call, { friendlyName }: VerifyService, { channel, to, code }: Verification): void {
  const from = FROM[channel]!;
  if (channel === 'call') return sayCode(world, { from, to, name: friendlyName, code });
  startMessage(world, {
    account: call.account, direction: 'outbound-api', from, to: channel === 'whatsapp' ? `whatsapp:${to}` : to,
    body: `Your ${friendlyName} verification code is: ${code}`, mediaUrls: [], messagingServiceSid: null, statusCallback: null, listed: false,
  });
}

function wayOf(world: World, { form }: Call): { to: string; channel: string } {
  const [to, channel] = [form.filled('To'), form.filled('Channel')?.toLowerCase()];
  if (channel === undefined || !CHANNELS.has(channel)) throw invalidParameter('Channel');
  if (to === undefined || (channel !== 'email' && (!E164.test(to) || !isRecipient(to)))) throw invalidParameter('To');
  if (!(channel in FROM)) throw new TwilioError(403, 60223, `Delivery channel disabled: ${channel.toUpperCase()}`);
  const refused = /^rejected:(\d+)$/.exec(world.store.phones.get(to)?.outcome ?? '');
  if (refused) throw new TwilioError(403, Number(refused[1]), `The verification of ${to} is refused`);
  return { to, channel };
}

function customCode(service: VerifyService, { form }: Call): string | undefined {
  const code = form.filled('CustomCode');
  if (code === undefined) return undefined;
  if (!service.customCodeEnabled) throw new TwilioError(403, 60204, 'Custom code not allowed');
  if (!/^[0-9A-Za-z]{4,10}$/.test(code)) throw invalidParameter('CustomCode');
  return code;
}

const newCode = (length: number): string => Array.from({ length }, () => randomInt(10)).join('');

/** The one that waits for this number. What is over is not found by its number any more. */
function pendingOf(world: World, service: VerifyService, to: string): Verification | undefined {
  return world.store.verificationsByTo.of(`${service.sid} ${to}`).findLast((one) => present(world, one).status === 'pending');
}

function present(world: World, one: Verification): Verification {
  const isOver = one.status === 'pending' && world.clock.ms() - one.createdAt >= VALID_MS;
  return isOver ? world.store.verifications.save({ ...one, status: 'expired', updatedAt: world.clock.ms() }) : one;
}

/** By its sid, or while it is pending by the number. */
function find(world: World, call: Call): Verification {
  const service = serviceOf(world, call);
  const key = call.at.verification ?? '';
  const one = world.store.verifications.get(key);
  const found = one?.serviceSid === service.sid ? present(world, one) : pendingOf(world, service, key);
  if (!found) throw notFound(call.path);
  return found;
}

function update(world: World, call: Call): Answer {
  const one = find(world, call);
  const status = call.form.filled('Status');
  if (status !== 'canceled' && status !== 'approved') throw invalidParameter('Status');
  if (one.status !== 'pending') throw notFound(call.path);
  return ok(json(world.store.verifications.save({ ...one, status, updatedAt: world.clock.ms() })));
}

/** The right code is good once. */
function check(world: World, call: Call): Answer {
  const service = serviceOf(world, call);
  const code = call.form.filled('Code');
  if (code === undefined || !/^[0-9A-Za-z]{4,10}$/.test(code)) throw invalidParameter('Code');
  const one = checkedOf(world, service, call);
  if (one.checks >= MOST_CHECKS) throw new TwilioError(429, 60202, 'Max check attempts reached');
  const status = code === one.code ? 'approved' : 'pending';
  const saved = world.store.verifications.save({ ...one, status, checks: one.checks + 1, updatedAt: world.clock.ms() });
  const { send_code_attempts: _attempts, lookup: _lookup, sna: _sna, url: _url, ...shown } = json(saved);
  return ok({ ...shown, sna_attempts_error_codes: [] });
}

function checkedOf(world: World, service: VerifyService, call: Call): Verification {
  const [sid, to] = [call.form.filled('VerificationSid'), call.form.filled('To')];
  if (sid === undefined && to === undefined) throw badRequest(60200, "Either 'To' or 'VerificationSid' is required");
  const bySid = sid === undefined ? undefined : world.store.verifications.get(sid);
  const one = sid === undefined ? pendingOf(world, service, to!) : bySid?.serviceSid === service.sid ? present(world, bySid) : undefined;
  if (one?.status !== 'pending') throw notFound(call.path);
  return one;
}

function json(one: Verification): Record<string, unknown> {
  return {
    sid: one.sid, service_sid: one.serviceSid, account_sid: one.accountSid, to: one.to, channel: one.channel, status: one.status,
    valid: one.status === 'approved', lookup: {}, amount: null, payee: null,
    send_code_attempts: one.attempts.map(({ at, channel, sid }) => ({ time: isoSeconds(at), channel: channel.toUpperCase(), attempt_sid: sid })),
    date_created: isoSeconds(one.createdAt), date_updated: isoSeconds(one.updatedAt), sna: null,
    url: `https://${HOST}/v2/Services/${one.serviceSid}/Verifications/${one.sid}`,
  };
}
