import type { InboundMessageParams } from '@throughline/twilio/wire.types.js';
import type { MessageDetails } from '../conversations/conversations.types.js';

/** What a webhook says of a message besides its words (facts of WhatsApp and RCS: buttons, lists, places, ads). */
export function detailsOf(params: InboundMessageParams): MessageDetails | undefined {
  const details: Omit<MessageDetails, 'words'> = {
    ...buttonOf(params), ...listOf(params), ...locationOf(params), ...referralOf(params),
    ...(params.FrequentlyForwarded === 'true' ? { forwarded: 'often' as const } : params.Forwarded === 'true' ? { forwarded: 'once' as const } : {}),
    ...(params.OriginalRepliedMessageSid ? { repliesTo: { providerSid: params.OriginalRepliedMessageSid, messageId: null } } : {}),
    ...(params.Username ? { username: params.Username } : {}),
  };
  return Object.keys(details).length === 0 ? undefined : { ...details, words: wordsOf(details) };
}

/** A tap without a body of its own says what stands on the button. */
export const tappedText = ({ ButtonText, ListTitle, ListId }: InboundMessageParams): string => ButtonText ?? ListTitle ?? ListId ?? '';

function buttonOf({ ButtonText: text, ButtonPayload: payload }: InboundMessageParams): Pick<MessageDetails, 'button'> {
  return text || payload ? { button: { text: text ?? payload!, payload: payload ?? null } } : {};
}

function listOf({ ListId: id, ListTitle: title }: InboundMessageParams): Pick<MessageDetails, 'list'> {
  return id ? { list: { id, title: title ?? null } } : {};
}

function locationOf({ Latitude: latitude, Longitude: longitude, Label, Address }: InboundMessageParams): Pick<MessageDetails, 'location'> {
  if (latitude === undefined || longitude === undefined) return {};
  return { location: { latitude, longitude, label: Label || null, address: Address || null } };
}

function referralOf(params: InboundMessageParams): Pick<MessageDetails, 'referral'> {
  const { ReferralHeadline, ReferralBody, ReferralSourceType, ReferralSourceId, ReferralSourceUrl, ReferralCtwaClid } = params;
  const referral = {
    headline: ReferralHeadline || null, body: ReferralBody || null, sourceType: ReferralSourceType || null, sourceId: ReferralSourceId || null,
    sourceUrl: ReferralSourceUrl || null, clickId: ReferralCtwaClid || null,
  };
  return Object.values(referral).some((value) => value !== null) ? { referral } : {};
}

function wordsOf({ location, forwarded, referral }: Omit<MessageDetails, 'words'>): string[] {
  const place = location && [location.label, location.address, `${location.latitude}, ${location.longitude}`].filter(Boolean).join('; ');
  const words = [
    ...(place ? [`sent a location: ${place}`] : []),
    ...(forwarded ? [forwarded === 'often' ? 'forwarded many times, not their own words' : 'forwarded, not their own words'] : []),
    ...(referral ? [`came from ${referral.sourceType ?? 'ad'}: ${[referral.headline, referral.sourceUrl].filter(Boolean).join(', ') || 'without a title'}`] : []),
  ];
  return words.map(inWords);
}

/** As long as a remark should be, in characters. */
const LONGEST_WORDS = 200;

/** People's own words inside a remark in brackets: they cannot end it, or begin a line of their own. */
export const inWords = (text: string): string =>
  text.replaceAll('[', '(').replaceAll(']', ')').replace(/\s+/g, ' ').trim().slice(0, LONGEST_WORDS);
