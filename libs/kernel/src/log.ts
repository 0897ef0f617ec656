import { AsyncLocalStorage } from 'node:async_hooks';

/** What every log line and metric of the present piece of work carries. Never a body, never a secret. */
export interface LogScope {
  tenantId?: string;
  conversationSid?: string;
  job?: string;
  requestId?: string;
}

const storage = new AsyncLocalStorage<LogScope>();

/** Run `work` with these fields on each of its log lines. Nested scopes add to the outer one. */
export function withLogScope<T>(scope: LogScope, work: () => T): T {
  return storage.run({ ...storage.getStore(), ...scope }, work);
}

/** Add fields to the scope under way, once they are known (the tenant of a webhook, say). */
export function addToLogScope(scope: LogScope): void {
  const current = storage.getStore();
  if (current) Object.assign(current, scope);
}

export const logScope = (): LogScope => storage.getStore() ?? {};
