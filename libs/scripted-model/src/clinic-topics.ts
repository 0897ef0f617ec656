/** How the front desk hears what somebody wants. Apostrophes are straight when these look at a text. */

/** One expression out of several, each a whole word or phrase. */
function any(...phrases: RegExp[]): RegExp {
  return new RegExp(`\\b(?:${phrases.map((phrase) => phrase.source).join('|')})\\b`, 'i');
}

export const EMERGENCY = any(
  /chest pain|heart attack|stroke|overdose|unconscious|anaphyla\w*|severe allergic/,
  /can(?:'t|not| not) breathe|not breathing|trouble breathing/,
  /heavy bleeding|bleeding (?:a lot|heavily|badly)/,
  /suicid\w*|kill myself/,
  /(?:this is|it's|have) an emergency/,
);

export const WANTS_PERSON = any(
  /(?:speak|talk|chat) (?:to|with) (?:an? |some|the )?(?:real |actual )?(?:person|human|someone|somebody|staff|body|one)/,
  /(?:speak|talk|chat) (?:to|with) (?:an? |the |your )?(?:doctor|nurse|specialist|colleague|receptionist|manager|operator)/,
  /(?:real|human|actual) (?:person|human|being)|(?:a|any) human|put me through|connect me|call me back|complain\w*/,
  /(?:i need|get me) (?:an? |the |some)?(?:doctor|nurse|specialist|person|human|somebody|someone|body|one)(?!'s| appointment)/,
);

/** Somebody who writes wants to speak. */
export const CALL_ME = any(/(?:call|phone|ring) me(?! back)/);

export const NO_TEXTS = any(/(?:stop|do not|don't|never) (?:texting|text|sending|send|messaging|message)(?: me)?/, /no more (?:texts|messages)/);

/** Something to keep, on the phone that somebody calls from. */
export const TEXT_ME = any(/(?:send|text|message)(?: \w+)? (?:me|it to me|that to me)/, /(?:send|text) (?:it|that|the (?:link|address|form|directions?))/);

/** The fact is the first group. "Do you remember that I …?" is a question. */
export const REMEMBER =
  /(?<!\b(?:do|did) you )\b(?:remember|note|keep in mind)(?: down)?[:,]? (?:that )?((?:i|i'\w+|my|we|our)\b.+)/is;

/** What is to be forgotten is the first group; nothing there means what was talked about last. */
export const FORGET = /^(?!.*\b(?:do not|don't|never) forget)(?:.*?\b)?(?:forget|delete|erase) (?:about )?(?:that )?(.+)/is;
export const ALL_OF_IT = any(/everything/, /all (?:of it|about me|you know)/, /what you (?:know|have|noted|remember)/, /my (?:data|facts)/);

/** What the front desk has to look up. */
export const LOOK_UP = any(/polic(?:y|ies)/, /look (?:it |that )?up/, /guidelines?/, /according to/, /house rules?/);

export const WHAT_IS_KNOWN = any(
  /what (?:do|did|have) you (?:know|remember|noted?|stored?)/,
  /do you (?:know|remember) (?:anything about )?me/,
);

export const WHO_AM_I = any(/what(?:'s| is) my name|who am i|(?:know|remember) my name/);

export const SAID_BEFORE = any(
  /what did i (?:\w+ )?(?:say|ask|write|tell|text)|did (?:you get|i (?:tell|say|ask|write))/,
  /i (?:texted|called|e-?mailed|messaged|wrote|told)(?: to)? you|as i (?:said|wrote)|do you remember (?:what|that) i/,
  /my (?:last|previous|earlier) (?:text|call|message|e-?mail|question)/,
);

export const EVERYTHING = any(/everything about|all about|tell me everything|in detail/);
export const CANCEL = any(/cancel|reschedule|move my appointment|can(?:'t|not) make it/);
export const PRICE = any(/price\w*|costs?|how much|fees?|charge\w*/);
export const HOURS = any(/open(?:ing)?|hours|closed?|closing|what time do you|when are you/);
export const PLACE = any(/where|address|directions?|park|parking|bus/);
export const DAY = any(/(?:mon|tues|wednes|thurs|fri|satur)day|tomorrow/);
export const TIME = any(/\d{1,2}:\d\d(?: ?[ap]m)?|\d{1,2} ?(?:[ap]m|o'clock)/);
export const BOOKING = any(/book\w*|appointments?|schedule|slots?|see (?:a|the) doctor|check-?up/);
export const INSURANCE = any(/insur\w+|card|pay/);
export const RESULTS = any(/prescription|refill|results?/);
export const ARE_YOU_REAL = any(/are you (?:an? )?(?:robot|bot|ai|real|human|machine|computer)/);
export const THANKS = any(/thanks|thank you|thx|cheers/);
export const GOODBYE = any(/bye|goodbye|good night|that's all|that is all/);
export const GREETING = any(/hello|hi|hey|good (?:morning|afternoon|evening)|my name(?:'s| is)/);
export const INTRODUCTION = /^\s*(?:[Ii] am|[Ii]'m|[Tt]his is|[Ii]t's) \p{Lu}\p{Ll}/u;
