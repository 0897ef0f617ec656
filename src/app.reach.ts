import { isLoopback } from '@throughline/kernel/loopback.js';
import type { Environment } from './app.config.js';

/** Who plays Twilio: Twilio itself, a simulator that somebody else runs (`TWILIO_API_ORIGIN`), or one in this process. */
export type TwilioPlayer = 'twilio' | 'their simulator' | 'own simulator';

type Reach = Pick<Environment, 'PUBLIC_BASE_URL' | 'TWILIO_API_ORIGIN' | 'LISTEN_ADDRESS'>;

/**
 * A sandbox that the world can reach would hand its token to the world; a hub that Twilio cannot reach would point the
 * account's webhooks into the void, away from a hub that works.
 *
 * @throws an Error that names the variable and the next step
 */
export function checkReach(env: Reach, player: TwilioPlayer): void {
  const { PUBLIC_BASE_URL: publicUrl, TWILIO_API_ORIGIN: apiOrigin } = env;
  if (player !== 'twilio') {
    if (!publicUrl || isLoopback(publicUrl)) return;
    throw new Error(
      `PUBLIC_BASE_URL is ${publicUrl}, but Twilio is simulated: whoever reaches that address could use the sandbox and read its token.\n` +
        'Set TWILIO_ACCOUNT_SID and TWILIO_AUTH_TOKEN (and no simulator as TWILIO_API_ORIGIN) to use your Twilio account, ' +
        'or remove PUBLIC_BASE_URL to use the sandbox on this machine.',
    );
  }
  // Behind a stand-in on this machine, which is not Twilio, an address of this machine may well be the right one.
  if (publicUrl && (!isLoopback(publicUrl) || (apiOrigin && isLoopback(apiOrigin)))) return;
  throw new Error(
    `PUBLIC_BASE_URL is ${publicUrl ? `${publicUrl}, which Twilio cannot reach` : 'missing, and Twilio has to reach the hub'}.\n` +
      'Set it to the https address that leads here from outside, such as https://hub.example.com or the address that your tunnel shows, ' +
      'or remove TWILIO_ACCOUNT_SID and TWILIO_AUTH_TOKEN to use the sandbox.',
  );
}

/** The sandbox is for this machine. A container is a machine of its own: its compose file says otherwise, and publishes to this one only. */
export const listenAddress = (env: Reach, player: TwilioPlayer): string =>
  env.LISTEN_ADDRESS ?? (player === 'twilio' ? '0.0.0.0' : '127.0.0.1');
