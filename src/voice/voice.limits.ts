/** Patience on the phone, in milliseconds of real time: moving the clock of the house must not hurry anybody who speaks. */
export class VoiceLimits {
  /** Without a word of the answer until then the caller hears that it is being looked for … */
  readonly fillerMs: number = 1_200;
  /** … and again after so long. */
  readonly nextFillerMs: number = 7_000;
  /** How long a caller waits for the Conversation of somebody new to be made. */
  readonly conversationMs: number = 8_000;
  /** Between two keys of one number. */
  readonly keysMs: number = 2_000;
  /** How often it is looked whether people have taken over, or a text has come. */
  readonly lookMs: number = 1_000;
  /** What a letter takes to be spoken. */
  readonly letterMs: number = 65;
  /** A bit longer than the estimate, before what follows speech. */
  readonly breathMs: number = 500;
  /** An answer without a socket has to be there in time for Twilio's webhook (15 s), with room to spare. */
  readonly gatherMs: number = 6_000;
}
