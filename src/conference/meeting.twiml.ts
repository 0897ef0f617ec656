import { patient } from '@throughline/twilio/webhooks.js';
import { type VoiceResponse, voiceResponse } from '@throughline/twilio/twiml.js';

/** Seconds in which a key is to be pressed, each of two times. */
const PRESS_WITHIN = 8;

/** TwiML for the two who meet, with addresses of this hub in it. */
export class MeetingTwiml {
  constructor(private readonly origin: string, private readonly language: string, private readonly callbackId: string) {}

  /** The words, and a key to press. Silence leads on to the same place, with no key. */
  ask(lines: readonly string[], path: 'pressed' | 'again', asked: number): string {
    const response = voiceResponse();
    const action = this.at(`taker/${path}?asked=${asked + 1}`);
    const gather = response.gather({ input: ['dtmf'], numDigits: 1, timeout: PRESS_WITHIN, action, method: 'POST' });
    for (const line of lines) gather.say({ language: this.language as 'en-US' }, line);
    response.redirect({ method: 'POST' }, action);
    return response.toString();
  }

  /** The taker waits in the room, and may leave it by the star. Whoever of the two goes, it is over for both. */
  taker(room: string): string {
    const response = voiceResponse();
    this.enter(response, room, 'taker', { startConferenceOnEnter: false, waitUrl: this.at('taker/wait') });
    return response.toString();
  }

  person(line: string, room: string): string {
    const response = voiceResponse();
    this.say(response, [line]);
    this.enter(response, room, 'person', { startConferenceOnEnter: true, waitUrl: this.at('person/wait') });
    return response.toString();
  }

  /** Words, music, and the same again. @param who waits; null: there is nothing to wait for after the words */
  wait(lines: readonly string[], who: 'taker' | 'person' | null): string {
    const response = voiceResponse();
    this.say(response, lines);
    if (who) response.play(`${this.origin}/webhooks/twilio/voice/transfer/music.wav`);
    if (who) response.redirect({ method: 'POST' }, this.at(`${who}/wait`));
    return response.toString();
  }

  /** On to another address of the house. */
  on(address: string): string {
    const response = voiceResponse();
    response.redirect({ method: 'POST' }, patient(`${this.origin}/webhooks/twilio/voice/${address}`));
    return response.toString();
  }

  goodbye(lines: readonly string[]): string {
    const response = voiceResponse();
    this.say(response, lines);
    response.hangup();
    return response.toString();
  }

  private enter(response: VoiceResponse, room: string, who: 'taker' | 'person', how: { startConferenceOnEnter: boolean; waitUrl: string }): void {
    response.dial({ action: this.at(`${who}/left`), method: 'POST', ...(who === 'taker' ? { hangupOnStar: true } : {}) }).conference({
      ...how, participantLabel: who, endConferenceOnExit: true, waitMethod: 'POST', beep: 'false', maxParticipants: 2,
      statusCallback: this.at('events'), statusCallbackMethod: 'POST', statusCallbackEvent: ['join', 'leave'],
    }, room);
  }

  private say(response: VoiceResponse, lines: readonly string[]): void {
    for (const line of lines) response.say({ language: this.language as 'en-US' }, line);
  }

  private at(path: string): string {
    return patient(`${this.origin}/webhooks/twilio/voice/callback/${this.callbackId}/${path}`);
  }
}
