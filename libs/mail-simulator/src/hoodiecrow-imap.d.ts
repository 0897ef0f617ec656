declare module 'hoodiecrow-imap' {
  import type { Server, Socket } from 'node:net';

  export interface HoodiecrowMessage {
    uid: number;
    /** One character a byte. */
    raw: string;
  }

  export interface HoodiecrowMailbox {
    messages: HoodiecrowMessage[];
    uidvalidity: number;
    uidnext: number;
  }

  export interface HoodiecrowConnection {
    socket: Socket;
    /** During an IDLE: takes the client's next line. */
    inputHandler: false | ((line: string) => void);
    send(response: object, description: string): void;
  }

  export type HoodiecrowHandler = (connection: HoodiecrowConnection, parsed: { tag: string }, data: string, done: () => void) => void;

  export interface HoodiecrowServer {
    connectionHandlers: ((connection: HoodiecrowConnection) => void)[];
    server: Server;
    listen(port: number, host: string, done: () => void): void;
    close(done?: () => void): void;
    getCommandHandler(command: string): HoodiecrowHandler;
    setCommandHandler(command: string, handler: HoodiecrowHandler): void;
    getMailbox(path: string): HoodiecrowMailbox;
    appendMessage(path: string, flags: string[], internalDate: Date, raw: string): unknown;
  }

  export default function hoodiecrow(options: Record<string, unknown>): HoodiecrowServer;
}
