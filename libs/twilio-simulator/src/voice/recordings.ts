import { newSid } from '../sids.js';
import { rfc2822 } from '../wire.js';
import type { World } from '../world.js';
import { tell } from './fetching.js';
import type { Leg } from './leg.js';
import { recordingParams, recordingUrl, secondsBetween } from './params.js';
import type { Recording, RecordingCallbacks, RecordingSource } from './rows.js';

/** How fast people speak, so that a recording is as long as its words. */
const CHARS_A_SECOND = 15;

/** @param conferenceSid of the room that is recorded, if it is one */
export function startRecording(
  world: World, leg: Leg, source: RecordingSource, callbacks: RecordingCallbacks, conferenceSid: string | null = null,
): Recording {
  const now = world.clock.ms();
  const recording: Recording = world.store.recordings.save({
    sid: newSid('RE'), accountSid: leg.call.accountSid, createdAt: now, updatedAt: now, callSid: leg.sid, conferenceSid,
    source, status: 'in-progress', startedAt: now, seconds: 0, words: '', callbacks,
  });
  tellStatus(world, leg, recording);
  return recording;
}

/** Records what is said on a call from now on. @returns what ends it; the end of the call does so, too */
export function recordCall(world: World, leg: Leg, source: RecordingSource, callbacks: RecordingCallbacks): () => void {
  const recording = startRecording(world, leg, source, callbacks);
  const from = leg.said.length;
  leg.recordingSid = recording.sid;
  const end = (): void => {
    if (recording.status === 'in-progress') finishRecording(world, leg, recording, wordsSince(leg, from));
  };
  leg.farewells.push(end);
  return end;
}

function wordsSince(leg: Leg, from: number): string {
  return leg.said.slice(from).filter(({ kind }) => kind === 'words').map(({ text }) => text).join(' ');
}

/**
 * Ends a recording and, a step later, tells so; then what was made of its words.
 * @param words null: there was nothing but silence, and so there is no recording
 */
export function finishRecording(world: World, leg: Leg, recording: Recording, words: string | null): void {
  const now = world.clock.ms();
  const seconds = words === null ? 0 : Math.max(secondsBetween(recording.startedAt, now), Math.ceil(words.length / CHARS_A_SECOND));
  Object.assign(recording, { status: words === null ? 'absent' : 'completed', words: words ?? '', seconds, updatedAt: now });
  world.store.recordings.save(recording);
  world.scheduler.at(now + world.switches.values.stepMs, 'walk', () => {
    tellStatus(world, leg, recording);
    if (recording.status === 'completed' && recording.callbacks.isTranscribed) tellTranscription(world, leg, recording);
  });
}

function tellStatus(world: World, leg: Leg, recording: Recording): void {
  const { status } = recording.callbacks;
  if (!status?.events.includes(recording.status)) return;
  const params = {
    ...recordingParams(recording), RecordingStatus: recording.status, RecordingChannels: '1', RecordingSource: recording.source,
    RecordingStartTime: rfc2822(recording.startedAt), RecordingTrack: 'both', ErrorCode: '0',
    ...(recording.conferenceSid === null ? {} : { ConferenceSid: recording.conferenceSid }),
  };
  tell(world, leg, 'recording', { url: status.url, method: status.method, params });
}

/** Twilio's own transcription takes English of more than 2 and less than 120 seconds. */
function tellTranscription(world: World, leg: Leg, recording: Recording): void {
  const { transcriptionUrl } = recording.callbacks;
  if (transcriptionUrl === null) return;
  const isFit = recording.seconds > 2 && recording.seconds < 120;
  const sid = newSid('TR');
  const params = {
    TranscriptionSid: sid, TranscriptionText: isFit ? recording.words : '', TranscriptionStatus: isFit ? 'completed' : 'failed',
    TranscriptionUrl: `${recordingUrl(recording)}/Transcriptions/${sid}`, TranscriptionType: 'fast',
    RecordingSid: recording.sid, RecordingUrl: recordingUrl(recording),
  };
  tell(world, leg, 'transcription', { url: transcriptionUrl, method: 'POST', params });
}
