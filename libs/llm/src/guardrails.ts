const REASONING = /<think(?:ing)?>[\s\S]*?(?:<\/think(?:ing)?>|$)/gi;
/** The history names people as `[Dana, staff]`; a model that imitates it would speak in their name. */
const ROLE_PLAY = /^[ \t]*(?:\[[^\]\n]{0,100}\bstaff\][ \t:]*)+/gim;
/** All control characters but tab and line feed. NUL would be refused by the database as well. */
const CONTROLS = /(?![\t\n])\p{Cc}/gu;
const LONE_SURROGATES = /\p{Surrogate}/gu;

/** What may be kept in the record: whole characters, no control characters. */
export function storable(text: string): string {
  return text.replace(/\r\n?/g, '\n').replace(CONTROLS, '').replace(LONE_SURROGATES, '\ufffd');
}

/** What of a model's answer may be said to a customer. Empty when there is nothing. */
export function sayable(text: string): string {
  return storable(text).replace(REASONING, '').replace(ROLE_PLAY, '').replace(/\n{3,}/g, '\n\n').trim();
}
