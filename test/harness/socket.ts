import { randomBytes } from 'node:crypto';
import { signForm } from '@throughline/twilio-simulator/signature.js';
import { WebSocket } from 'ws';
import { eventually } from './eventually.js';
import { FRONT_DESK, type House } from './house.js';
import { signed } from './webhook.js';

interface Frame {
  type: string;
  token?: string;
}

/** A call whose socket a test drives by hand, as Twilio would or would not. */
export class HandDrivenCall {
  readonly callSid = `CA${randomBytes(16).toString('hex')}`;
  readonly frames: Frame[] = [];
  closedWith: number | undefined;
  private socket: WebSocket | undefined;

  constructor(private readonly house: House, readonly from: string) {}

  /** A webhook of this call. @returns the TwiML */
  async webhook(path = '', params: Record<string, string> = {}): Promise<string> {
    const all = { CallSid: this.callSid, AccountSid: this.house.account.sid, From: this.from, To: FRONT_DESK, CallStatus: 'in-progress', Direction: 'inbound', ...params };
    const hook = signed(this.house, `/webhooks/twilio/voice${path}`, all);
    const answer = await fetch(hook.url, { method: 'POST', body: new URLSearchParams(all), headers: { 'X-Twilio-Signature': hook.signature! } });
    return answer.text();
  }

  /** The address that the TwiML names. */
  async address(path = '', params: Record<string, string> = {}): Promise<string> {
    return /url="([^"]+)"/.exec(await this.webhook(path, params))![1]!;
  }

  /** @returns the status of a refusal, or 101 */
  async connects(url: string, signature = signForm(this.house.account.authToken, url, {})): Promise<number> {
    const socket = new WebSocket(url, { headers: { 'X-Twilio-Signature': signature } });
    this.socket = socket;
    socket.on('error', () => undefined);
    socket.on('message', (data) => this.frames.push(JSON.parse(String(data)) as Frame));
    socket.on('close', (code) => (this.closedWith = code));
    return new Promise((resolve) => {
      socket.once('open', () => resolve(101));
      socket.once('unexpected-response', (_, answer) => resolve(answer.statusCode ?? 0));
    });
  }

  sends(...frames: (object | string | Buffer)[]): void {
    for (const frame of frames) this.socket!.send(typeof frame === 'string' || Buffer.isBuffer(frame) ? frame : JSON.stringify(frame));
  }

  setup(callSid = this.callSid): void {
    this.sends({ type: 'setup', sessionId: 'VX1', callSid, customParameters: {} });
  }

  get said(): string {
    return this.frames.flatMap(({ type, token }) => (type === 'text' && token ? [token] : [])).join('');
  }

  async hears(pattern: RegExp): Promise<void> {
    await eventually(() => `${pattern}; heard ${this.said}`, () => pattern.test(this.said));
  }

  async isClosed(): Promise<number> {
    return eventually('the socket to be closed', () => this.closedWith);
  }

  async ends(): Promise<void> {
    this.socket?.close(1000);
    await this.webhook('/connect', { CallStatus: 'completed', SessionStatus: 'completed' });
  }
}
