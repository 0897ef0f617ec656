import { Injectable, Logger } from '@nestjs/common';
import { Clock } from '@throughline/kernel/clock.js';
import { describe, HubError } from '@throughline/kernel/errors.js';
import { storable } from '@throughline/llm/guardrails.js';
import type { JobOutcome } from '@throughline/queues/job-runner.js';
import type { Form } from '@throughline/twilio/webhooks.js';
import type { Voicemail } from '../calls/calls.types.js';
import { CallsService } from '../calls/calls.service.js';
import { ConversationsService } from '../conversations/conversations.service.js';
import { TenancyService } from '../tenancy/tenancy.service.js';
import { LobbyService } from './lobby.service.js';
import { Transcripts } from './transcripts.js';
import { parseCall, parseRecording, parseTranscription } from './voice.parser.js';

/** Twilio writes down what was said within a minute or two; after that the message comes without. */
const TRANSCRIPT_WITHIN_MS = 180_000;
/** For Twilio to have the recording itself. */
const LOOK_AGAIN_MS = 5_000;
/** What is shorter is a receiver that was put down. */
const SHORTEST_S = 1;
const LONGEST_TRANSCRIPT = 8_000;

/** What callers leave when nobody can answer them: a message of the thread, with its recording, for people. */
@Injectable()
export class VoicemailService {
  private readonly log = new Logger('Voice');

  constructor(
    private readonly clock: Clock,
    private readonly tenancy: TenancyService,
    private readonly calls: CallsService,
    private readonly conversations: ConversationsService,
    private readonly lobby: LobbyService,
    private readonly transcripts: Transcripts,
  ) {}

  /** The caller has left a message. Noted here already: the other words of Twilio's about it may get lost. */
  recorded(form: Form): Promise<string> {
    return this.lobby.whatever(async () => {
      const line = await this.lobby.calling(parseCall(form));
      await this.note(line.tenant.id, form);
      return this.lobby.thanks(line);
    });
  }

  /** What became of the recording. May come before all else. */
  async recording(form: Form): Promise<void> {
    await this.note(await this.tenantOf(form), form);
  }

  async transcription(form: Form): Promise<void> {
    const { CallSid: callSid, RecordingSid: recordingSid, TranscriptionText: text = '' } = parseTranscription(form);
    await this.calls.voicemails.note(await this.tenantOf(form), { recordingSid, callSid, transcript: storable(text).slice(0, LONGEST_TRANSCRIPT) });
  }

  /** The first that we hear of a call may be what was recorded in it. @throws HubError where nothing says whose it is: Twilio asks again */
  private async tenantOf(form: Form): Promise<string> {
    const known = await this.calls.tenantOf(parseRecording(form).CallSid);
    if (known) return known;
    if (typeof form['To'] !== 'string') throw new HubError('unavailable', 'call_unknown', 'This call is not known yet.');
    return (await this.lobby.calling(parseCall(form))).tenant.id;
  }

  private async note(tenantId: string, form: Form): Promise<void> {
    const { CallSid: callSid, RecordingUrl, RecordingDuration: seconds = null, RecordingStatus } = parseRecording(form);
    const recordingSid = parseRecording(form).RecordingSid ?? /\/(RE[0-9a-f]{32})/.exec(RecordingUrl ?? '')?.[1];
    if (!recordingSid || RecordingStatus === 'absent' || RecordingStatus === 'failed') return;
    await this.calls.voicemails.note(tenantId, { recordingSid, callSid, url: RecordingUrl ?? null, seconds });
  }

  /** Runs until the message is in the thread; twice is once. */
  async takeIn(tenantId: string, recordingSid: string): Promise<JobOutcome> {
    const voicemail = await this.calls.voicemails.find(tenantId, recordingSid);
    if (voicemail?.state !== 'recorded' || !voicemail.url) return;
    const call = await this.calls.find(tenantId, voicemail.callSid);
    if (!call || call.address === '') return;
    if ((voicemail.seconds ?? SHORTEST_S) < SHORTEST_S) return this.calls.voicemails.received(tenantId, recordingSid);
    const transcript = voicemail.transcript ?? (await this.transcribed(tenantId, voicemail));
    if (transcript === null && this.clock.ms() < voicemail.createdAt.getTime() + TRANSCRIPT_WITHIN_MS) return { again: this.clock.in(LOOK_AGAIN_MS) };
    const { address, sender, proved } = call;
    await this.conversations.receive(await this.tenancy.tenant(tenantId), {
      providerSid: recordingSid, channel: 'voice', address, sender, body: transcript ?? '', trust: proved ? 'attested_caller_id' : 'claimed',
      media: [{ url: `${this.transcripts.protocol}${voicemail.url}.mp3`, contentType: 'audio/mpeg', name: 'voicemail.mp3' }], receivedAt: voicemail.createdAt,
      details: { call: { sid: call.callSid, proved }, words: [remark(voicemail.seconds, transcript), ...(await this.transcripts.gist(transcript ?? ''))] },
      unanswered: { why: 'a message was left on voicemail', people: true },
    });
    await this.calls.voicemails.received(tenantId, recordingSid);
  }

  /** By our own model; null where there is none, or where another try may bring it. */
  private async transcribed(tenantId: string, { url, recordingSid }: Voicemail): Promise<string | null> {
    try {
      return await this.transcripts.of(tenantId, `${url}.mp3`);
    } catch (error) {
      this.log.warn(`voicemail ${recordingSid} is not written down yet: ${error instanceof HubError ? error.code : describe(error)}`);
      return null;
    }
  }
}

const remark = (seconds: number | null, transcript: string | null): string =>
  `voicemail${seconds === null ? '' : `, ${seconds} seconds`}${transcript ? '' : ', could not be written down'}`;
