import { alertChannels, type AlertPrivacy, type DataClass } from './policies.types.js';

const SAFE: DataClass[] = ['code', 'callback'];

/** What the house does where the tenant has said nothing: an alert lies on a locked phone for everybody to read. */
export const byItself: AlertPrivacy = { allowed: { voice: SAFE, sms: SAFE, whatsapp: SAFE, email: SAFE }, reason: null, version: 0, changedAt: null };

/** `sms +name −callback; email +reason` */
export function whatChanged(before: AlertPrivacy['allowed'], after: AlertPrivacy['allowed']): string {
  const changes = alertChannels.flatMap((channel) => {
    const more = after[channel].filter((each) => !before[channel].includes(each)).map((each) => `+${each}`);
    const less = before[channel].filter((each) => !after[channel].includes(each)).map((each) => `−${each}`);
    return more.length + less.length > 0 ? [[channel, ...more, ...less].join(' ')] : [];
  });
  return changes.join('; ') || 'nothing';
}
