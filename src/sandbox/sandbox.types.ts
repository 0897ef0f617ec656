import type { ShiftableClock } from '@throughline/kernel/clock.js';

/** What the composition root hands in when Twilio is simulated. */
export interface SandboxOptions {
  /** `http://127.0.0.1:4010`: where the simulator listens. */
  simulatorOrigin: string;
  /** The same of the simulated post office, where there is one. */
  mailOrigin?: string | undefined;
  /** The hub's own address; another name of this machine, in the Host of a request, is somebody else's trick. */
  publicBaseUrl: string;
  clock: ShiftableClock;
  /** What the page calls the management API with. It opens nothing once Twilio is real. */
  token: string;
  /** The demo tenant; asked for when the page is, because it is made after the rooms are. */
  tenantId: () => Promise<string>;
  /** Of the demo tenant, for pages of the hub itself. */
  widgetKey: string;
  scriptedModel: boolean;
  /** Moves time for the whole house, the simulator's included, and wakes what is due. */
  forwardClock: (ms: number) => Promise<void>;
}

export const SANDBOX_OPTIONS = Symbol('SandboxOptions');

/** What the page needs before it can ask anything. */
export interface SandboxSession {
  token: string;
  tenantId: string;
  simulated: true;
  scriptedModel: boolean;
  /** Whether people can write mails. */
  mail: boolean;
  now: string;
}
