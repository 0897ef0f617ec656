import type { Binding, Conversation, Participant } from '../entities.js';
import type { Form } from '../form.js';
import { isRecipient, isSender, parseAddress } from '../messaging/address.js';
import { ownSender } from '../messaging/senders.js';
import { pairKey } from '../store.js';
import { badRequest, conflict } from '../twilio-error.js';
import type { World } from '../world.js';

interface Wanted {
  identity: string | undefined;
  address: string | undefined;
  proxyAddress: string | undefined;
  projectedAddress: string | undefined;
}

export const wantedFrom = (form: Form): Wanted => ({
  identity: form.filled('Identity'),
  address: form.get('MessagingBinding.Address'),
  proxyAddress: form.get('MessagingBinding.ProxyAddress'),
  projectedAddress: form.filled('MessagingBinding.ProjectedAddress'),
});

// Twilio: 1,000 participants, 50 of them outside chat, 10 in a group MMS (facts A.11).
const PARTICIPANTS = 1_000;
const NON_CHAT = 50;
const GROUP = 10;

/** The binding that a new participant asks for; throws what Twilio answers to a wrong one (facts A.5). */
export function bindingOf(world: World, accountSid: string, wanted: Wanted): Binding | null {
  const { identity, address, proxyAddress, projectedAddress } = wanted;
  if (address === undefined && proxyAddress === undefined && projectedAddress === undefined) {
    if (identity === undefined) throw badRequest(50204, 'Identity not provided');
    if (identity.length > 256) throw badRequest(50212, 'Identity too long');
    return null;
  }
  if (projectedAddress !== undefined) return projected(world, accountSid, wanted);
  if (identity !== undefined) throw badRequest(50211, 'Identity must not be set for a messaging participant');
  if (!address) throw badRequest(50411, 'Messaging binding address must not be empty');
  if (!isRecipient(address)) throw badRequest(50407, `Invalid messaging binding address ${address}`);
  const type = parseAddress(address).channel;
  if (type === 'other') throw badRequest(50407, `Invalid messaging binding address ${address}`);
  if (proxyAddress === undefined) return groupMember(world, address);
  checkProxy(world, accountSid, address, proxyAddress);
  return { type, address, proxyAddress };
}

function projected(world: World, accountSid: string, wanted: Wanted): Binding {
  if (wanted.address !== undefined || wanted.proxyAddress !== undefined) {
    throw badRequest(50407, 'Address and projected address must not be set on one participant');
  }
  if (ownSender(world, wanted.projectedAddress!)?.accountSid !== accountSid) {
    throw badRequest(50439, 'The projected address does not belong to this account');
  }
  return { type: 'sms', projectedAddress: wanted.projectedAddress! };
}

/** A number of Twilio's own is no handset (seen live with 50407). */
function groupMember(world: World, address: string): Binding {
  if (parseAddress(address).channel !== 'sms' || ownSender(world, address)) {
    throw badRequest(50407, `Invalid messaging binding address ${address}`);
  }
  return { type: 'sms', address };
}

function checkProxy(world: World, accountSid: string, address: string, proxy: string): void {
  if (proxy === '') throw badRequest(50412, 'Messaging binding proxy address must not be empty');
  if (!isSender(proxy) || parseAddress(proxy).channel === 'other') {
    throw badRequest(50408, `Invalid messaging binding proxy address ${proxy}`);
  }
  if (proxy === address) throw badRequest(50409, 'Messaging binding address and proxy address must differ');
  if (parseAddress(proxy).channel !== parseAddress(address).channel) {
    throw badRequest(50414, 'Messaging binding address and proxy address must be of the same type');
  }
  if (ownSender(world, proxy)?.accountSid === accountSid) return;
  if (parseAddress(proxy).channel === 'whatsapp') {
    throw badRequest(50415, 'The proxy address is not an enabled WhatsApp sender');
  }
  throw badRequest(50413, 'The proxy address does not belong to this account');
}

/** Refuses a second one of the same identity, a pair that is taken elsewhere, and one too many. */
export function refuseDuplicate(
  world: World, conversation: Conversation, identity: string | null, binding: Binding | null,
): void {
  const members = world.store.participantsByConversation.of(conversation.sid);
  if (identity !== null && members.some((one) => one.identity === identity)) {
    throw conflict(50433, 'Participant already exists');
  }
  refuseTakenPair(world, conversation, binding);
  if (binding && !binding.proxyAddress) refuseGroup(members, binding);
  if (members.length >= PARTICIPANTS) throw badRequest(50417, 'Conversation participant limit exceeded');
  if (binding && members.filter((one) => one.binding).length >= NON_CHAT) {
    throw badRequest(50422, 'Non-chat participant limit exceeded');
  }
}

/** Callers of real code read the conversation's sid out of this text, so the text is part of the contract (facts B.4). */
function refuseTakenPair(world: World, conversation: Conversation, binding: Binding | null): void {
  if (!binding?.address || !binding.proxyAddress) return;
  const holder = holderOf(world, conversation.accountSid, binding.address, binding.proxyAddress);
  if (!holder) return;
  throw conflict(
    50416, `A binding for this participant and proxy address already exists in Conversation ${holder.conversationSid}`,
  );
}

/** The participant that has this pair in a conversation that is not over: there is one per account at most. */
function holderOf(world: World, accountSid: string, address: string, proxy: string): Participant | undefined {
  return world.store.participantsByPair.of(pairKey(accountSid, address, proxy)).find((row) => {
    const state = world.store.conversations.get(row.conversationSid)?.state;
    return state === 'active' || (state === 'inactive' && world.switches.values.inactiveOccupiesPair);
  });
}

function refuseGroup(members: Participant[], binding: Binding): void {
  const group = members.filter((one) => one.binding && !one.binding.proxyAddress);
  if (group.length >= GROUP) throw badRequest(50436, 'Group MMS participant limit exceeded');
  const taken = group.some(({ binding: other }) =>
    other?.address === binding.address && other?.projectedAddress === binding.projectedAddress);
  if (taken) throw conflict(50437, 'Group MMS participant already exists');
}
