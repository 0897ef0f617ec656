import { patient } from '@throughline/twilio/webhooks.js';
import { type VoiceResponse, voiceResponse } from '@throughline/twilio/twiml.js';

/** Seconds. */
const LONGEST_VOICEMAIL = 180;
const END_OF_VOICEMAIL = 5;
const ANSWER_WITHIN = 6;

/** How the house sounds in a call. */
export interface Sound {
  language: string;
  voice: string | undefined;
}

/** TwiML with addresses of this hub in it. */
export class Twiml {
  constructor(private readonly origin: string) {}

  /** Nothing more to do in this call. */
  readonly nothing = (): string => voiceResponse().toString();

  /**
   * Says something, and takes what is said or pressed with one request. Silence leads on to the same place, with none of either.
   *
   * @param at how far the thread was: what comes to that address twice was said once
   */
  gather(lines: readonly string[], sound: Sound, at: { silences: number; turn: number }): string {
    const response = voiceResponse();
    const language = sound.language as 'en-US';
    const gather = response.gather({
      input: ['speech', 'dtmf'], action: this.at(`gather?turn=${at.turn}`), method: 'POST', timeout: ANSWER_WITHIN, speechTimeout: 'auto', language,
    });
    for (const line of lines) gather.say({ language }, line);
    response.redirect({ method: 'POST' }, this.at(`gather?silences=${at.silences + 1}`));
    return response.toString();
  }

  /** The answer is still being thought of: ask again in a moment. */
  wait(line: string | null, sound: Sound, asked: number): string {
    const response = voiceResponse();
    if (line) this.say(response, line, sound);
    response.pause({ length: 1 });
    response.redirect({ method: 'POST' }, this.at(`gather/answer?asked=${asked + 1}`));
    return response.toString();
  }

  /** A beep, what the caller says, and what became of it. Behind silence there is a goodbye. @param transcribe by Twilio, which knows English only */
  voicemail(lines: readonly string[], goodbye: string, sound: Sound, transcribe: boolean): string {
    const response = voiceResponse();
    for (const line of lines) this.say(response, line, sound);
    response.record({
      action: this.at('recorded'), method: 'POST', maxLength: LONGEST_VOICEMAIL, timeout: END_OF_VOICEMAIL, finishOnKey: '#', playBeep: true,
      recordingStatusCallback: this.at('recording'), recordingStatusCallbackMethod: 'POST', recordingStatusCallbackEvent: ['completed', 'absent'],
      ...(transcribe ? { transcribe: true, transcribeCallback: this.at('transcription') } : {}),
    });
    return this.closed(response, goodbye, sound);
  }

  /** On to where a specialist is waited for. */
  transfer(lines: readonly string[], sound: Sound): string {
    const response = voiceResponse();
    for (const line of lines) this.say(response, line, sound);
    response.redirect({ method: 'POST' }, this.at('transfer/hold'));
    return response.toString();
  }

  /** On to another room of the house. */
  on(path: string): string {
    const response = voiceResponse();
    response.redirect({ method: 'POST' }, this.at(path));
    return response.toString();
  }

  goodbye(line: string | null, sound: Sound): string {
    return this.closed(voiceResponse(), line, sound);
  }

  private closed(response: VoiceResponse, line: string | null, sound: Sound): string {
    if (line) this.say(response, line, sound);
    response.hangup();
    return response.toString();
  }

  private say(response: VoiceResponse, line: string, { language }: Sound): void {
    response.say({ language: language as 'en-US' }, line);
  }

  private at(path: string): string {
    return patient(`${this.origin}/webhooks/twilio/voice/${path}`);
  }
}
