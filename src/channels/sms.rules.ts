import { SegmentedMessage } from 'sms-segments-calculator';
import type { BodyRules, FileRules } from '../delivery/delivery.types.js';

/**
 * Carriers join up to ten segments reliably, and Twilio takes 1,600 characters at the most (error 21617):
 * twilio.com/docs/glossary/what-sms-character-limit.
 */
const MOST_SEGMENTS = 10;
const MOST_CHARACTERS = 1_600;

export const smsRules: BodyRules = {
  fits: (text) => text.length <= MOST_CHARACTERS && segments(text) <= MOST_SEGMENTS,
  cost: (text) => segments(text),
};

/** Channels that do not know segments: one message is one message. */
export const messageRules: BodyRules = { fits: (text) => text.length <= MOST_CHARACTERS, cost: () => 1 };

/**
 * Up to ten files go with one MMS; WhatsApp takes one, and words in the same message with some kinds only; RCS takes words and
 * files together only in a rich card: twilio.com/docs/messaging/guides/accepted-mime-types.
 */
export const fileRules: Record<'sms' | 'whatsapp' | 'rcs', FileRules> = {
  sms: { atOnce: 10, besideWords: () => true },
  whatsapp: { atOnce: 1, besideWords: (contentType) => /^(image\/(jpeg|png)|video\/mp4)$/.test(contentType) },
  rcs: { atOnce: 1, besideWords: () => false },
};

/** What every alphabet has room for in one: 70 units of UTF-16, each two bytes, or of GSM-7 two septets at the most. */
const ALWAYS_ONE = 70;
/** In ASCII and of one septet in GSM-7 (3GPP TS 23.038, 6.2.1): of these one segment takes 160, each of several 153, beside the header that joins them. */
const PLAIN = /^[\n !"#$%&'()*+,\-./0-9:;<=>?@A-Z_a-z]*$/;

/** Most texts are plain, and a long one is measured at each sentence of it: for these it is not taken apart sign by sign. */
function segments(text: string): number {
  if (text.length <= ALWAYS_ONE) return 1;
  if (PLAIN.test(text)) return text.length <= 160 ? 1 : Math.ceil(text.length / 153);
  return new SegmentedMessage(text, 'auto').segmentsCount;
}

/** What a trial account's texts begin with, in Twilio's list too (twilio.com/docs/usage/tutorials/how-to-use-your-free-trial-account). */
const TRIAL = /^Sent from your Twilio trial account\s*-\s*/i;

/**
 * Whether a text in Twilio's list may be the one that we sent: trial accounts get words in front of theirs, and Smart
 * Encoding replaces look-alikes (curly quotes, dashes).
 */
export const sameWords = (listed: string, ours: string): boolean => plain(listed.replace(TRIAL, '')) === plain(ours);

export const beginsWithWords = (listed: string, ours: string): boolean => plain(listed.replace(TRIAL, '')).startsWith(plain(ours));

/** As Smart Encoding leaves it, without regard to white space. */
function plain(text: string): string {
  return new SegmentedMessage(text, 'auto', true).graphemes.join('').replace(/\s+/g, ' ').trim();
}
