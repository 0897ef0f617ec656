import type { HookMethod, OwnNumber } from './entities.js';
import { newSid } from './sids.js';
import type { World } from './world.js';

export interface NumberRequest {
  accountSid: string;
  phoneNumber: string;
  smsUrl?: string | undefined;
  voiceUrl?: string | undefined;
  voiceMethod?: HookMethod | undefined;
  voiceFallbackUrl?: string | undefined;
  /** Told when a call to the number has ended. */
  statusCallback?: string | undefined;
  messagingServiceSid?: string | undefined;
  friendlyName?: string | undefined;
}

/** Gives an account a number, or changes the one it has; what is not said stays as it is. */
export function addNumber(world: World, wanted: NumberRequest): OwnNumber {
  const { accountSid, phoneNumber, messagingServiceSid } = wanted;
  if (!world.accounts.get(accountSid)) throw new RangeError(`There is no account ${accountSid}`);
  if (messagingServiceSid && world.store.messagingServices.get(messagingServiceSid)?.accountSid !== accountSid) {
    throw new RangeError(`There is no Messaging Service ${messagingServiceSid} in ${accountSid}`);
  }
  const known = world.store.numberByAddress.first(phoneNumber);
  if (known && known.accountSid !== accountSid) throw new RangeError(`${phoneNumber} belongs to account ${known.accountSid}`);
  const now = world.clock.ms();
  const fresh: OwnNumber = {
    sid: newSid('PN'), accountSid, createdAt: now, updatedAt: now, phoneNumber, friendlyName: phoneNumber, smsUrl: '',
    smsMethod: 'POST', smsFallbackUrl: '', smsFallbackMethod: 'POST', voiceUrl: '', voiceMethod: 'POST',
    voiceFallbackUrl: '', voiceFallbackMethod: 'POST', statusCallback: '', statusCallbackMethod: 'POST',
    messagingServiceSid: null,
  };
  const base = known ?? fresh;
  return world.store.numbers.save({
    ...base, smsUrl: wanted.smsUrl ?? base.smsUrl, voiceUrl: wanted.voiceUrl ?? base.voiceUrl,
    voiceMethod: wanted.voiceMethod ?? base.voiceMethod, voiceFallbackUrl: wanted.voiceFallbackUrl ?? base.voiceFallbackUrl,
    statusCallback: wanted.statusCallback ?? base.statusCallback,
    friendlyName: wanted.friendlyName ?? base.friendlyName,
    messagingServiceSid: messagingServiceSid ?? base.messagingServiceSid, updatedAt: now,
  });
}
