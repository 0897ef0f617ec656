import http from 'node:http';
import type { AddressInfo } from 'node:net';

/** One request of the hub and its answer, as they passed; bodies in base64. */
interface Exchange {
  request: { method: string; url: string; headers: http.IncomingHttpHeaders; body: string };
  response: { status: number; headers: http.IncomingHttpHeaders; body: string };
}

interface Objection {
  rule?: string;
  value?: unknown;
}

interface Verdict {
  method: string;
  path: string;
  operation?: string;
  status: number;
  objections: Objection[];
}

/**
 * Twilio's OpenAPI files of April 2026 know numbers only; since then a WhatsApp user with a user name may be known by an id
 * alone (`whatsapp:US.1234`), which Twilio sends and takes in the place of the number.
 */
const isUserId = ({ rule, value }: Objection): boolean => rule === 'format' && /^whatsapp:[A-Z]{2}\.\w+$/.test(String(value));

/** The simulator's own control API, and the bytes of media and of recordings, whose addresses Twilio's OpenAPI files do not know. */
const isBeyondRest = (url: string): boolean => /^\/_(control|media)\/|\/Media\/ME\w+$|\/Recordings\/RE\w+\.(mp3|wav)$/.test(url);

/** What was seen at the door, and what the referee (`referee.judge.mjs`) says of it. */
export class Refereed {
  private readonly seen: Exchange[] = [];
  private readonly objections: Verdict[] = [];

  private constructor(
    private readonly simulatorOrigin: string,
    private readonly judge: string,
    private readonly door: http.Server,
  ) {}

  static async open(simulatorOrigin: string, judge: string): Promise<Refereed> {
    const door = http.createServer();
    await new Promise<void>((resolve) => door.listen(0, '127.0.0.1', resolve));
    const refereed = new Refereed(simulatorOrigin, judge, door);
    door.on('request', (request, response) => refereed.pass(request, response));
    return refereed;
  }

  get origin(): string {
    return `http://127.0.0.1:${(this.door.address() as AddressInfo).port}`;
  }

  /** Everything wrong so far. */
  async violations(): Promise<readonly Verdict[]> {
    const answer = await fetch(this.judge, { method: 'POST', body: JSON.stringify(this.seen.splice(0)) });
    if (!answer.ok) throw new Error(`The referee: ${answer.status} ${await answer.text()}`);
    const verdicts = (await answer.json()) as Verdict[];
    this.objections.push(...verdicts.filter(({ objections }) => !objections.every(isUserId)));
    return this.objections;
  }

  async close(): Promise<void> {
    this.door.closeAllConnections();
    await new Promise((resolve) => this.door.close(resolve));
  }

  private pass(request: http.IncomingMessage, response: http.ServerResponse): void {
    const url = request.url ?? '/';
    const [said, answered]: [Buffer[], Buffer[]] = [[], []];
    const onward = http.request(new URL(url, this.simulatorOrigin), { method: request.method, headers: request.headers }, (answer) => {
      response.writeHead(answer.statusCode ?? 502, answer.headers);
      answer.on('data', (part: Buffer) => answered.push(part));
      answer.on('end', () => {
        if (isBeyondRest(url)) return;
        this.seen.push({
          request: { method: request.method!, url, headers: request.headers, body: Buffer.concat(said).toString('base64') },
          response: { status: answer.statusCode!, headers: answer.headers, body: Buffer.concat(answered).toString('base64') },
        });
      });
      answer.pipe(response);
    });
    // A dropped answer is one of the faults: the caller sees the cut, as it would without us, and there is no answer to judge.
    onward.on('error', () => response.destroy());
    request.on('data', (part: Buffer) => said.push(part));
    request.pipe(onward);
  }
}

/** With `TEST_JUDGE`, every REST call of the hub passes a door, so that it, and the simulator's answer, are judged against Twilio's own OpenAPI files. */
export async function throughReferee(simulatorOrigin: string): Promise<Refereed | undefined> {
  const judge = process.env['TEST_JUDGE'];
  return judge ? Refereed.open(simulatorOrigin, judge) : undefined;
}
