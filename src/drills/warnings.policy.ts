import type { Policy } from '../policies/policies.types.js';
import type { Sender, TenantSettings } from '../tenancy/tenancy.types.js';
import type { DrillWithLast, Warning } from './drills.types.js';

/** More of them say nothing more. */
const MOST_STRETCHES = 20;

export interface Stretch {
  from: Date;
  until: Date;
}

const warning = (code: Warning['code'], severity: Warning['severity'], message: string, about: Partial<Warning> = {}): Warning => ({
  code, severity, message, policyId: null, step: null, drillId: null, stretches: [], ...about,
});

/** When both are so. Each list is in order, and nothing in it overlaps. */
export function both(some: readonly Stretch[], others: readonly Stretch[]): Stretch[] {
  return some.flatMap((one) => others.flatMap((other) => {
    const [from, until] = [one.from > other.from ? one.from : other.from, one.until < other.until ? one.until : other.until];
    return from < until ? [{ from, until }] : [];
  }));
}

/** Stretches that follow each other without a gap are one. */
export function joined(stretches: readonly Stretch[]): Stretch[] {
  const all: Stretch[] = [];
  for (const { from, until } of stretches) {
    const last = all.at(-1);
    if (last && last.until.getTime() === from.getTime()) last.until = until;
    else all.push({ from, until });
  }
  return all;
}

/** Who could not be called or texted from anywhere. */
export function aboutSenders(senders: readonly Pick<Sender, 'channel'>[], named: string | undefined): Warning[] {
  const has = (channel: string): boolean => senders.some((sender) => sender.channel === channel);
  if (named || (has('sms') && has('voice'))) return [];
  if (has('sms')) return [warning('no_call_sender', 'warning', 'No sender is known for calls: they come from a number for texts. Name one: settings.escalation.sender.')];
  if (has('voice')) return [warning('no_text_sender', 'warning', 'No sender is known for texts: they come from a number for calls, which may not be able to text. Name one: settings.escalation.sender.')];
  return [warning('no_sender', 'critical', 'There is no number that calls and texts to staff could come from. Add a sender, or name one: settings.escalation.sender.')];
}

export function aboutPolicies(policies: readonly Pick<Policy, 'id'>[], { policyId, fallback }: TenantSettings['escalation']): Warning[] {
  return [
    ...(policies.length === 0 ? [warning('no_policy', 'critical', 'No policy says who is to be told: incidents are refused. Make one: POST /api/v1/policies.')] : []),
    ...(policies.length > 0 && policyId && !policies.some(({ id }) => id === policyId)
      ? [warning('policy_missing', 'critical', 'settings.escalation.policyId names a policy that is not there: incidents that name none are refused.', { policyId })] : []),
    ...(fallback ? [] : [warning('no_fallback', 'warning', 'No fallback number is set: when nobody takes an incident, nobody else is told. Set settings.escalation.fallback.')]),
  ];
}

/** Steps that name a channel by which nothing goes out, or that wake nobody. */
export function aboutChannels(policies: readonly Pick<Policy, 'id' | 'name' | 'steps'>[], senders: readonly Pick<Sender, 'channel'>[], settings: Pick<TenantSettings, 'escalation' | 'whatsapp'>): Warning[] {
  const has = (channel: string): boolean => senders.some((sender) => sender.channel === channel);
  const hasTemplate = (settings.escalation.whatsappTemplate ?? settings.whatsapp.reopenTemplate) !== undefined;
  return policies.flatMap(({ id, name, steps }) => steps.flatMap(({ channels }, step) => {
    const said = (code: Warning['code'], message: string): Warning => warning(code, 'warning', `Step ${step + 1} of ${name} ${message}`, { policyId: id, step });
    return [
      ...channels.filter((channel) => (channel === 'whatsapp' || channel === 'email') && !has(channel)).map((channel) => said('no_channel_sender', `tells people by ${channel}, and there is no sender for it.`)),
      ...(channels.includes('whatsapp') && has('whatsapp') && !hasTemplate ? [said('no_whatsapp_template', 'tells people by WhatsApp, which without a template works for 24 hours after they wrote. Set settings.escalation.whatsappTemplate.')] : []),
      ...(channels.every((channel) => channel === 'email') ? [said('step_wakes_nobody', 'tells people by e-mail only.')] : []),
    ];
  }));
}

/** @param holes of each step, when it reaches nobody. @param whole all the time that was looked at */
export function aboutSteps({ id, name }: Pick<Policy, 'id' | 'name'>, holes: readonly (readonly Stretch[])[], whole: Stretch): Warning[] {
  const shown = (stretches: readonly Stretch[]): Stretch[] => {
    const all = joined(stretches);
    return all[0]?.from.getTime() === whole.from.getTime() && all[0].until.getTime() === whole.until.getTime() ? [] : all.slice(0, MOST_STRETCHES);
  };
  const nobody = holes.reduce<readonly Stretch[]>((some, others) => both(some, others), [whole]);
  if (nobody.length > 0 && shown(nobody).length === 0) return [warning('policy_reaches_nobody', 'critical', `No step of ${name} reaches anybody.`, { policyId: id })];
  return [
    ...(nobody.length > 0 ? [warning('policy_reaches_nobody', 'critical', `At times no step of ${name} reaches anybody.`, { policyId: id, stretches: shown(nobody) })] : []),
    ...holes.flatMap((stretches, step) => (stretches.length === 0 ? [] : [
      warning('step_reaches_nobody', 'warning', `Step ${step + 1} of ${name} reaches nobody${shown(stretches).length > 0 ? ' at times' : ''}: it is skipped.`, { policyId: id, step, stretches: shown(stretches) }),
    ])),
  ];
}

/** What the last one of each has shown. */
export function aboutDrills(drills: readonly Pick<DrillWithLast, 'id' | 'name' | 'lastRun'>[]): Warning[] {
  return drills.flatMap(({ id, name, lastRun }) => {
    if (!lastRun) return [];
    if (lastRun.state === 'exhausted') return [warning('drill_not_taken', 'warning', `Nobody took the last drill (${name}, ${lastRun.createdAt.toISOString()}).`, { drillId: id })];
    return lastRun.outcome === 'begun' ? [] : [warning('drill_not_run', 'warning', `The last drill (${name}, ${lastRun.createdAt.toISOString()}) was ${lastRun.outcome}: ${lastRun.why}.`, { drillId: id })];
  });
}

/** The critical ones first. */
export const ranked = (warnings: readonly Warning[]): Warning[] => [...warnings.filter(({ severity }) => severity === 'critical'), ...warnings.filter(({ severity }) => severity !== 'critical')];
