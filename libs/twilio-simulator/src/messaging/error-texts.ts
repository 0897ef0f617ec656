/** Texts of the delivery errors a phone may be told to answer with (Twilio's error dictionary, facts D.5). */
const TEXTS: Record<number, string> = {
  11200: 'HTTP retrieval failure',
  11751: 'Media exceeds messaging provider size limit',
  12300: 'Invalid Content-Type',
  21610: 'Attempt to send to unsubscribed recipient',
  30001: 'Queue overflow',
  30003: 'Unreachable destination handset',
  30004: 'Message blocked',
  30005: 'Unknown destination handset',
  30006: 'Landline or unreachable carrier',
  30007: 'Message filtered',
  30008: 'Unknown error',
  63016: 'Failed to send freeform message because you are outside the allowed window. Use a Message Template.',
  63019: 'Media failed to download',
  63034: 'Media exceeds the size limit of the channel',
  63024: 'Invalid message recipient',
};

export const errorText = (code: number): string => TEXTS[code] ?? 'Message delivery failed';
