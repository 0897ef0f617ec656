/**
 * How long to wait for the rest of a burst before the assistant answers, in milliseconds. People split a thought
 * over several texts some seconds apart; chat shows that they are typing; e-mail comes in one piece but rarely alone.
 */
const DEFAULTS: Record<string, number> = { sms: 1_500, whatsapp: 1_500, rcs: 1_500, chat: 400, email: 20_000, voice: 0 };

export function quietMs(channel: string, ofTenant: Partial<Record<string, number>>, override: number | undefined): number {
  if (channel === 'voice') return 0;
  return override ?? ofTenant[channel] ?? DEFAULTS[channel] ?? 0;
}
