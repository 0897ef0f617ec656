import type { ConversationMessage, Message, Receipt, ReceiptStatus } from '../entities.js';
import { isoMillis } from '../wire.js';
import type { World } from '../world.js';
import { firePost } from './hooks.js';

type Share = 'all' | 'some' | 'none';

const STATUSES: readonly string[] = ['sent', 'delivered', 'read', 'failed', 'undelivered'] satisfies ReceiptStatus[];

/** A status implies those before it: what was read was delivered and sent. */
const REACHED: Record<ReceiptStatus, readonly ReceiptStatus[]> = {
  sent: ['sent'], delivered: ['sent', 'delivered'], read: ['sent', 'delivered', 'read'],
  undelivered: ['sent', 'undelivered'], failed: ['failed'],
};

/** The aggregate on a message: null where nobody outside chat was to get it. */
export function deliveryOf(world: World, row: ConversationMessage): Record<string, number | Share> | null {
  const receipts = world.store.receiptsByMessage.of(row.sid);
  if (receipts.length === 0) return null;
  const share = (status: ReceiptStatus): Share => {
    const reached = receipts.filter((receipt) => receipt.status !== null && REACHED[receipt.status].includes(status)).length;
    return reached === 0 ? 'none' : reached === receipts.length ? 'all' : 'some';
  };
  return {
    total: receipts.length, sent: share('sent'), delivered: share('delivered'), read: share('read'),
    failed: share('failed'), undelivered: share('undelivered'),
  };
}

/** A leg has moved on: so does its receipt, and whoever listens hears of it, header or not (facts C.3, C.7). */
export function noteLegStatus(world: World, leg: Message, at: number): void {
  const receipt = leg.receiptSid === null ? undefined : world.store.receipts.get(leg.receiptSid);
  if (!receipt || !STATUSES.includes(leg.status)) return;
  receipt.status = leg.status as ReceiptStatus;
  receipt.errorCode = leg.errorCode ?? 0;
  receipt.updatedAt = at;
  world.store.receipts.save(receipt);
  if (!leg.quiet) announceReceipt(world, receipt);
}

function announceReceipt(world: World, receipt: Receipt): void {
  firePost(world, { accountSid: receipt.accountSid, serviceSid: receipt.serviceSid, sid: receipt.conversationSid }, {
    event: 'onDeliveryUpdated',
    origin: { fires: true },
    params: {
      ConversationSid: receipt.conversationSid, ChatServiceSid: receipt.serviceSid, MessageSid: receipt.messageSid,
      DeliveryReceiptSid: receipt.sid, ChannelMessageSid: receipt.channelMessageSid,
      ParticipantSid: receipt.participantSid, Status: receipt.status ?? '', DateCreated: isoMillis(receipt.createdAt),
      DateUpdated: isoMillis(receipt.updatedAt),
      ...(receipt.errorCode === 0 ? {} : { ErrorCode: String(receipt.errorCode) }),
    },
  });
}
