import type { Problem } from './wire.types.js';

/** In milliseconds. */
const OPENING_MS = 8_000;
const ANSWER_MS = 10_000;
/** Engine.IO's packets, then Socket.IO's: https://socket.io/docs/v4/socket-io-protocol/ */
const [OPEN, PING, PONG] = ['0', '2', '3'];
const [CONNECT, DISCONNECT, EVENT, ACK, REFUSED] = ['40', '41', '42', '43', '44'];
const NAMESPACE = '/chat,';

/** The hub said no to the connection itself. */
export class TurnedAway extends Error {
  constructor(readonly problem: Problem) {
    super(problem.code ?? 'refused');
    this.name = 'TurnedAway';
  }
}

type Told = (what: never) => void;

/**
 * One connection to the hub's Socket.IO, which takes WebSockets only. That part of the protocol is small, and its usual client
 * would be a third of the whole widget. A connection that is over stays over: who wants another makes another.
 */
export class ChatSocket {
  isUp = false;
  private socket: WebSocket | undefined;
  private asked = 0;
  private readonly answers = new Map<string, (answer: unknown) => void>();
  private patience: ReturnType<typeof setTimeout> | undefined;
  private silenceMs = OPENING_MS;

  /**
   * @param told by the hub; the event's name, and what it says
   * @param over once, if it was ever up
   */
  constructor(
    private readonly origin: string,
    private readonly told: Record<string, Told>,
    private readonly over: () => void,
  ) {}

  /** @throws TurnedAway; any other error means that nobody answered */
  open(token: string): Promise<void> {
    return new Promise((resolve, reject) => {
      const socket = new WebSocket(`${this.origin.replace(/^http/, 'ws')}/socket.io/?EIO=4&transport=websocket`);
      this.socket = socket;
      this.hearWithin(OPENING_MS);
      socket.addEventListener('message', ({ data }: MessageEvent<string>) => {
        this.hearWithin(this.silenceMs);
        if (data.startsWith(CONNECT)) this.isUp = true;
        if (data.startsWith(REFUSED)) reject(new TurnedAway(refusalOf(data)));
        this.hear(data, token);
        if (this.isUp) resolve();
      });
      socket.addEventListener('close', () => {
        reject(new Error('closed'));
        this.end();
      });
    });
  }

  close(): void {
    this.end();
  }

  tell(event: string, what: unknown): void {
    if (this.isUp) this.write(`${EVENT}${NAMESPACE}${JSON.stringify([event, what])}`);
  }

  /** @returns undefined where no answer came */
  ask<T>(event: string, what: unknown): Promise<T | undefined> {
    if (!this.isUp) return Promise.resolve(undefined);
    const id = String(this.asked++);
    this.write(`${EVENT}${NAMESPACE}${id}${JSON.stringify([event, what])}`);
    return new Promise((resolve) => {
      const answer = (said: unknown): void => {
        clearTimeout(timer);
        this.answers.delete(id);
        resolve(said as T | undefined);
      };
      const timer = setTimeout(answer, ANSWER_MS, undefined);
      this.answers.set(id, answer);
    });
  }

  private hear(data: string, token: string): void {
    if (data[0] === OPEN) {
      const { pingInterval, pingTimeout } = JSON.parse(data.slice(1)) as { pingInterval: number; pingTimeout: number };
      this.silenceMs = pingInterval + pingTimeout;
      this.write(`${CONNECT}${NAMESPACE}${JSON.stringify({ token })}`);
    } else if (data[0] === PING) this.write(PONG!);
    else if (data.startsWith(DISCONNECT)) this.end();
    else {
      const [, kind, id, said] = /^(4[23])\/chat,(\d*)(\[.*)$/s.exec(data) ?? [];
      if (!said) return;
      const [first, second] = JSON.parse(said) as [never, never];
      if (kind === ACK) this.answers.get(id!)?.(first);
      else this.told[first]?.(second);
    }
  }

  /** A hub that says nothing for so long is gone, whatever the browser believes. */
  private hearWithin(ms: number): void {
    clearTimeout(this.patience);
    this.patience = setTimeout(() => this.end(), ms);
  }

  private write(packet: string): void {
    if (this.socket?.readyState === WebSocket.OPEN) this.socket.send(packet);
  }

  private end(): void {
    clearTimeout(this.patience);
    const { socket, isUp } = this;
    this.socket = undefined;
    this.isUp = false;
    socket?.close();
    for (const answer of this.answers.values()) answer(undefined);
    if (isUp) this.over();
  }
}

function refusalOf(packet: string): Problem {
  const { data } = JSON.parse(packet.slice(REFUSED!.length + NAMESPACE.length)) as { data?: Problem };
  return data ?? {};
}
