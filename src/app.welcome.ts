import type { Hub } from './app.boot.js';

/** What a newcomer reads when the hub is up: where to click next. */
export function welcome(hub: Hub): string {
  const lines = hub.sandbox
    ? [
        `  Sandbox       ${hub.url}/sandbox      text the clinic from a made-up phone`,
        `  Website       ${hub.url}/sandbox/website      chat with it on a made-up website`,
        `  API           ${hub.url}/docs         token: see below`,
        '',
        '  People and Twilio are simulated. To use your Twilio account, put TWILIO_ACCOUNT_SID and',
        '  TWILIO_AUTH_TOKEN into .env and start again (README, "Connect your Twilio account").',
        ...(hub.scriptedModel ? ['  The model is scripted. To use a real one, set OPENAI_API_KEY.'] : []),
      ]
    : [
        `  API           ${hub.url}/docs`,
        '  Point the messaging webhook of your Twilio number to',
        '  <PUBLIC_BASE_URL>/webhooks/twilio/messaging',
      ];
  return [
    '',
    '  Throughline is up.',
    '',
    ...lines,
    '',
    `  Database      ${hub.embeddedDatabase ? 'embedded Postgres' : 'DATABASE_URL'}; queue on ${hub.queue}`,
    `  Admin token   ${hub.sandboxToken ? `${hub.sandboxToken} (of the sandbox only)` : 'ADMIN_TOKEN, or DATA_DIR/admin-token'}`,
    '  Ctrl-C stops everything.',
    '',
    '',
  ].join('\n');
}
