/** What became of one attempt at a webhook, in the words of the retry policy. */
export type AttemptFailure = 'ct' | 'rt' | '4xx' | '5xx';

export interface ConnectionOverrides {
  connectMs: number;
  totalMs: number;
  retries: number;
  retryOn: (failure: AttemptFailure) => boolean;
}

/**
 * `#rc=2&rp=5xx,ct` behind a messaging webhook's URL (Twilio: "connection overrides"). Without it a webhook is
 * retried once, and only where no connection came about; a 5xx goes to the fallback URL instead.
 */
export function overridesOf(url: string, totalMs: number): ConnectionOverrides {
  const wishes = new URLSearchParams(url.split('#')[1] ?? '');
  const policy = (wishes.get('rp') ?? 'ct').split(/[,|]/);
  const whole = Math.min(
    bounded(wishes.get('tt'), 100, 15_000) ?? totalMs, bounded(wishes.get('rt'), 100, 15_000) ?? totalMs,
  );
  return {
    connectMs: bounded(wishes.get('ct'), 100, 10_000) ?? Math.min(5_000, whole),
    totalMs: whole,
    retries: bounded(wishes.get('rc'), 0, 5) ?? 1,
    retryOn: (failure) => policy.includes('all') || policy.includes(failure),
  };
}

function bounded(text: string | null, least: number, most: number): number | undefined {
  const value = Number(text);
  return text && Number.isInteger(value) ? Math.min(Math.max(value, least), most) : undefined;
}
