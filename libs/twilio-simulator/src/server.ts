import { createServer, type IncomingMessage, type Server, type ServerResponse } from 'node:http';
import type { AddressInfo } from 'node:net';
import { ShiftableClock, type Clock } from '@throughline/kernel/clock.js';
import { readBody } from '@throughline/kernel/read-body.js';
import { Accounts } from './accounts.js';
import { handleControl } from './control-routes.js';
import { Control } from './control.js';
import { contentRoutes } from './content/content-routes.js';
import { addressRoutes } from './conversations/address-routes.js';
import { configurationRoutes } from './conversations/configuration-routes.js';
import { conversationRoutes } from './conversations/conversation-routes.js';
import { seedAccount } from './conversations/defaults.js';
import { lookupRoutes } from './conversations/lookup-routes.js';
import { conversationMessageRoutes } from './conversations/message-routes.js';
import { participantRoutes } from './conversations/participant-routes.js';
import { noteLegStatus } from './conversations/receipts.js';
import { chatServiceRoutes } from './conversations/service-routes.js';
import { armAll } from './conversations/timers.js';
import { userRoutes } from './conversations/user-routes.js';
import { scopedWebhookRoutes } from './conversations/webhook-routes.js';
import type { Account } from './entities.js';
import { Faults } from './faults.js';
import { Feed } from './feed.js';
import { accountRoutes } from './messaging/account-routes.js';
import { arriveAtOwnNumber, carryOut } from './messaging/inbound.js';
import { answerMedia } from './messaging/media.js';
import { messageRoutes } from './messaging/message-routes.js';
import { numberRoutes } from './messaging/number-routes.js';
import { messagingServiceRoutes } from './messaging/service-routes.js';
import { resumeWalks } from './messaging/walk.js';
import { addNumber, type NumberRequest } from './numbers.js';
import { report } from './report.js';
import { RestDoor } from './rest.js';
import type { Route } from './router.js';
import { Scheduler } from './scheduler.js';
import { Store } from './store.js';
import { SwitchBoard, type Switches } from './switches.js';
import { verificationRoutes } from './verify/verification-routes.js';
import { verifyServiceRoutes } from './verify/service-routes.js';
import { callRoutes } from './voice/call-routes.js';
import { endOrphans } from './voice/calls.js';
import { conferenceRoutes } from './voice/conference-routes.js';
import { conferenceParticipantRoutes } from './voice/participant-routes.js';
import { recordingRoutes } from './voice/recording-routes.js';
import { answerSound } from './voice/recording-sound.js';
import { Stopped } from './voice/waiting.js';
import { Webhooks } from './webhooks.js';
import type { World } from './world.js';

/** Far beyond any request of Twilio's API: its longest body of a message is 32 kB. */
const LARGEST_BODY = 1_000_000;

export interface SimulatorOptions {
  accounts: Account[];
  numbers?: NumberRequest[];
  /** 0 or left out: any free port. */
  port?: number;
  clock?: Clock;
  /** Journal of rows: what was acknowledged survives `kill -9`. */
  stateFile?: string;
  /** Milliseconds between two statuses of a message; the same as the switch. */
  stepMs?: number;
  switches?: Partial<Switches>;
}

export interface TwilioSimulator {
  readonly origin: string;
  readonly port: number;
  readonly control: Control;
  close(): Promise<void>;
}

export async function startSimulator(options: SimulatorOptions): Promise<TwilioSimulator> {
  const world = worldOf(options);
  const seed = (): void => world.accounts.all().forEach((account) => seedAccount(world, account));
  seed();
  for (const number of options.numbers ?? []) addNumber(world, number);
  const rest = new RestDoor(world, routesOf(world));
  const control = new Control(world, rest, seed);
  const server = createServer((request, response) => void answer(world, { rest, control }, request, response));
  // Longer than any client keeps an idle connection, so that none is closed under a call that is being written.
  server.keepAliveTimeout = 65_000;
  const port = await listen(server, options.port ?? 0);
  world.origin = `http://127.0.0.1:${port}`;
  resume(world);
  return { origin: world.origin, port, control, close: () => close(world, server) };
}

function worldOf(options: SimulatorOptions): World {
  const clock = options.clock ?? new ShiftableClock();
  const switches = new SwitchBoard({
    ...(options.stepMs === undefined ? {} : { stepMs: options.stepMs }), ...options.switches,
  });
  const [accounts, store, faults, feed, scheduler] = [
    new Accounts(options.accounts), new Store(options.stateFile), new Faults(), new Feed(), new Scheduler(clock),
  ];
  const webhooks = new Webhooks({ clock, accounts, store, faults, feed, scheduler, switches: switches.values });
  const world: World = {
    clock, accounts, store, scheduler, webhooks, faults, switches, feed, statusListeners: [], armed: new Map(),
    legs: new Map(), rooms: new Map(), origin: '',
  };
  world.statusListeners.push(
    (message, at) => noteLegStatus(world, message, at), (message) => arriveAtOwnNumber(world, message),
  );
  webhooks.onAnswer((hook, answered) => carryOut(world, hook, answered));
  return world;
}

const routesOf = (world: World): Route[] => [
  ...accountRoutes(world), ...messageRoutes(world), ...numberRoutes(world), ...messagingServiceRoutes(world),
  ...conversationRoutes(world), ...participantRoutes(world), ...conversationMessageRoutes(world),
  ...scopedWebhookRoutes(world), ...configurationRoutes(world), ...addressRoutes(world), ...chatServiceRoutes(world),
  ...userRoutes(world), ...lookupRoutes(world), ...contentRoutes(world), ...verifyServiceRoutes(world), ...verificationRoutes(world),
  ...callRoutes(world), ...recordingRoutes(world), ...conferenceRoutes(world), ...conferenceParticipantRoutes(world),
];

/** Takes up what the last run left undone. */
function resume(world: World): void {
  resumeWalks(world);
  armAll(world);
  endOrphans(world);
  world.webhooks.resume();
}

async function answer(
  world: World, doors: { rest: RestDoor; control: Control }, request: IncomingMessage, response: ServerResponse,
): Promise<void> {
  try {
    const body = await readBody(request, LARGEST_BODY).catch(() => undefined);
    if (body === undefined) return; // the caller hung up in the middle of it
    if (body === null) return refuseBody(response);
    if (request.url?.startsWith('/_control')) return await handleControl(doors.control, request, response, body);
    if (answerMedia(world, request.url ?? '', response) || answerSound(world, request, response)) return;
    await doors.rest.handle(request, response, body);
  } catch (error) {
    // A request so odd that no door could answer it ends itself, not the simulator.
    report(error);
    response.destroy();
  }
}

function refuseBody(response: ServerResponse): void {
  const body = { status: 413, message: `The body is larger than ${LARGEST_BODY} bytes` };
  response.writeHead(413, { 'Content-Type': 'application/json' }).end(JSON.stringify(body));
}

function listen(server: Server, port: number): Promise<number> {
  return new Promise((resolve, reject) => {
    server.once('error', reject);
    server.listen(port, '127.0.0.1', () => resolve((server.address() as AddressInfo).port));
  });
}

function close(world: World, server: Server): Promise<void> {
  for (const leg of world.legs.values()) leg.stop(new Stopped('reset'));
  world.scheduler.close();
  world.webhooks.close();
  return new Promise((resolve) => {
    server.close(() => {
      world.store.close();
      resolve();
    });
    server.closeAllConnections();
  });
}
