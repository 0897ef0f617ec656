import { Counter } from 'prom-client';

export const refusedSignatures = new Counter({
  name: 'throughline_webhook_signatures_refused_total',
  help: 'Webhooks that our Twilio account did not sign',
  labelNames: ['path'],
});
