import { patient } from '@throughline/twilio/webhooks.js';
import { type VoiceResponse, voiceResponse } from '@throughline/twilio/twiml.js';

/** Seconds in which the specialist is to press a key, each of two times. */
const PRESS_WITHIN = 8;

/** TwiML around a specialist, with addresses of this hub in it. */
export class ConferenceTwiml {
  constructor(private readonly origin: string, private readonly language: string) {}

  /** The caller waits in a room of their own. They end it by hanging up; whoever else leaves it does not. */
  hold(room: string, transferId: string, line: string | null): string {
    const response = voiceResponse();
    if (line) this.say(response, line);
    this.enter(response, 'left', {
      room, transferId, participantLabel: 'caller', startConferenceOnEnter: false, endConferenceOnExit: true, waitUrl: this.at('transfer/wait'),
    });
    return response.toString();
  }

  /** A word, a piece of music, and the next one. @param piece which, counted on without end */
  wait(line: string, music: string | readonly string[] | undefined, piece: number): string {
    const pieces = typeof music === 'string' ? [music] : (music ?? [`${this.origin}/webhooks/twilio/voice/transfer/music.wav`]);
    const response = voiceResponse();
    this.say(response, line);
    response.play(pieces[piece % pieces.length]!);
    response.redirect({ method: 'POST' }, this.at(`transfer/wait?piece=${piece + 1}`));
    return response.toString();
  }

  /** The caller goes on with the assistant. */
  back(): string {
    const response = voiceResponse();
    response.redirect({ method: 'POST' }, this.at('return'));
    return response.toString();
  }

  /** Who and why, and a key to press. Silence leads on to the same place, with no key. */
  screen(attemptId: string, lines: readonly string[], asked: number): string {
    const response = voiceResponse();
    const action = this.at(`transfer/attempts/${attemptId}/pressed?asked=${asked + 1}`);
    const gather = response.gather({ input: ['dtmf'], numDigits: 1, timeout: PRESS_WITHIN, action, method: 'POST' });
    for (const line of lines) gather.say({ language: this.language as 'en-US' }, line);
    response.redirect({ method: 'POST' }, action);
    return response.toString();
  }

  /** The specialist comes in. When they leave, the caller stays. */
  join(room: string, transferId: string, attemptId: string, line: string): string {
    const response = voiceResponse();
    this.say(response, line);
    this.enter(response, `attempts/${attemptId}/left`, { room, transferId, participantLabel: 'specialist', startConferenceOnEnter: true, endConferenceOnExit: false, waitUrl: '' });
    return response.toString();
  }

  goodbye(line: string | null): string {
    const response = voiceResponse();
    if (line) this.say(response, line);
    response.hangup();
    return response.toString();
  }

  private enter(response: VoiceResponse, action: string, entering: {
    room: string; transferId: string; participantLabel: string; startConferenceOnEnter: boolean; endConferenceOnExit: boolean; waitUrl: string;
  }): void {
    const { room, transferId, ...attributes } = entering;
    response.dial({ action: this.at(`transfer/${action}`), method: 'POST' }).conference({
      ...attributes, waitMethod: 'POST', beep: 'false', maxParticipants: 2,
      statusCallback: this.at(`transfer/${transferId}/events`), statusCallbackMethod: 'POST', statusCallbackEvent: ['join', 'leave'],
    }, room);
  }

  private say(response: VoiceResponse, line: string): void {
    response.say({ language: this.language as 'en-US' }, line);
  }

  private at(path: string): string {
    return patient(`${this.origin}/webhooks/twilio/voice/${path}`);
  }
}
