import { newSid } from '../sids.js';
import type { Verb } from '../twiml.js';
import { isoMillis } from '../wire.js';
import { methodOf, resolve } from './fetching.js';
import type { Track } from './leg.js';
import { recordingWish } from './recording-wish.js';
import { recordCall } from './recordings.js';
import type { Run, VerbRunner } from './run.js';

/** `<Start>`: something goes on beside the verbs that follow, until `<Stop>` or the end of the call. */
export const start: VerbRunner = (run, verb) => {
  const [noun] = verb.children;
  if (noun?.name === 'Recording') keep(run, noun, recordCall(run.world, run.leg, 'StartCallRecordingTwiML', { status: recordingWish(run, noun), transcriptionUrl: null, isTranscribed: false }));
  else if (noun?.name === 'Transcription') keep(run, noun, new Transcription(run, noun).starts());
  else run.leg.note(12200, `Schema validation warning: ${noun?.name ?? 'nothing'} is not started here`);
  return undefined;
};

export const stop: VerbRunner = ({ leg }, verb) => {
  for (const noun of verb.children) leg.started.get(nameOf(noun))?.();
  return undefined;
};

const nameOf = ({ name, attributes }: Verb): string => `${name} ${attributes.name ?? ''}`;

const keep = ({ leg }: Run, noun: Verb, end: () => void): void => void leg.started.set(nameOf(noun), end);

/** What is said on either side, told as it is said (real-time transcription). */
class Transcription {
  private readonly sid = newSid('GT');
  private sequence = 0;
  private isOver = false;

  constructor(private readonly run: Run, private readonly noun: Verb) {}

  /** @returns what ends it */
  starts(): () => void {
    const { leg } = this.run;
    const { attributes } = this.noun;
    this.tell('transcription-started', {
      ProviderConfiguration: '{}', TranscriptionEngine: attributes.transcriptionEngine ?? 'google', Name: attributes.name ?? this.sid,
      Track: attributes.track ?? 'both_tracks', InboundTrackLabel: attributes.inboundTrackLabel ?? 'inbound_track',
      OutboundTrackLabel: attributes.outboundTrackLabel ?? 'outbound_track', PartialResults: attributes.partialResults ?? 'false',
      LanguageCode: this.language, EnableAutomaticPunctuation: attributes.enableAutomaticPunctuation ?? 'true', ProfanityFilter: attributes.profanityFilter ?? 'true',
    });
    const scribe = (track: Track, text: string, partials: string[]): void => this.takeDown(track, text, partials);
    leg.scribes.add(scribe);
    const end = (): void => {
      if (this.isOver) return;
      this.isOver = true;
      leg.scribes.delete(scribe);
      this.tell('transcription-stopped', {});
    };
    leg.farewells.push(end);
    return end;
  }

  private get language(): string {
    return this.noun.attributes.languageCode ?? 'en-US';
  }

  private takeDown(track: Track, text: string, partials: string[]): void {
    const { track: wanted = 'both_tracks', partialResults } = this.noun.attributes;
    if (wanted !== 'both_tracks' && wanted !== `${track}_track`) return;
    for (const partial of partialResults === 'true' ? partials : []) this.content(track, partial, false);
    this.content(track, text, true);
  }

  private content(track: Track, transcript: string, isFinal: boolean): void {
    this.tell('transcription-content', {
      TranscriptionData: JSON.stringify({ transcript, ...(isFinal ? { confidence: 0.9 } : {}) }), Final: String(isFinal), Track: `${track}_track`,
      LanguageCode: this.language, ...(isFinal ? {} : { Stability: '0.8' }),
    });
  }

  private tell(event: string, params: Record<string, string>): void {
    const { world, leg, base } = this.run;
    const { statusCallbackUrl } = this.noun.attributes;
    if (!statusCallbackUrl) return;
    world.webhooks.send({
      accountSid: leg.call.accountSid, event: 'transcription', family: 'voice', method: methodOf(this.noun, 'statusCallbackMethod'),
      url: resolve(base, statusCallbackUrl), chain: this.sid,
      params: {
        AccountSid: leg.call.accountSid, CallSid: leg.sid, TranscriptionSid: this.sid, TranscriptionEvent: event,
        SequenceId: String((this.sequence += 1)), Timestamp: isoMillis(world.clock.ms()), ...params,
      },
    });
  }
}
