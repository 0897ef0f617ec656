import type { NestExpressApplication } from '@nestjs/platform-express';
import { SANDBOX_FIRST_PERSON, SANDBOX_SPECIALIST, type Simulated } from './app.sandbox.js';
import { SchedulesService } from './oncall/schedules.service.js';
import { PoliciesService } from './policies/policies.service.js';
import { MethodsService } from './staff/methods.service.js';
import { StaffService } from './staff/staff.service.js';

const KEY = { key: 'sandbox' };

/**
 * Dr. Lee is on call at the demo tenant, so that an emergency rings somewhere. The number is shown to be theirs as anybody's is: by a code, which lies on their phone.
 * Done once; whoever dies in between does it again, by the same keys.
 */
export async function settleOnCall(app: NestExpressApplication, tenantId: string, twilio: NonNullable<Simulated['simulator']>['control']): Promise<void> {
  const policies = app.get(PoliciesService, { strict: false });
  if ((await policies.list(tenantId, null, 1)).length > 0) return;
  const { name, phone: address } = SANDBOX_SPECIALIST;
  for (const person of [SANDBOX_FIRST_PERSON, { name, address }]) twilio.setPhone(person);
  const contactMethods = (['voice', 'sms'] as const).map((channel) => ({ channel, address }));
  const { id: staffId, contactMethods: methods } = await app.get(StaffService, { strict: false }).add(tenantId, { name, contactMethods, doNotDisturb: [], externalRef: null }, KEY);
  const unverified = methods.find(({ channel, verifiedAt }) => channel === 'sms' && !verifiedAt);
  if (unverified) {
    const codes = app.get(MethodsService, { strict: false });
    await codes.start(tenantId, staffId, unverified.id, 'sms');
    const code = /\b\d{4,10}\b/.exec(twilio.phone(address).messages.at(-1)?.body ?? '')?.[0] ?? '';
    await codes.check(tenantId, staffId, unverified.id, code);
  }
  const layer = { name, level: 0, startsAt: '2026-01-05T08:00', endsAt: null, every: 1, unit: 'weeks' as const, rotation: [[staffId]], hours: [] };
  const { id: scheduleId } = await app.get(SchedulesService, { strict: false }).add(tenantId, { name: 'Doctors on call', timeZone: 'UTC', layers: [layer], externalRef: null }, KEY);
  const step = { targets: [{ kind: 'schedule' as const, scheduleId }], channels: ['voice' as const, 'sms' as const], waitSeconds: 60 };
  await policies.add(tenantId, { name: 'Emergencies', steps: [step], rounds: 3, slaSeconds: null }, undefined, KEY.key);
}
