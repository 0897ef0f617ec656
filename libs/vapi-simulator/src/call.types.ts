/** An assistant as whoever creates a call describes it; of what Vapi takes, what is acted on here. */
export interface Assistant {
  firstMessage?: string;
  model: { provider: string; url: string; model: string; headers?: Record<string, string>; metadataSendMode?: 'off' | 'variable' | 'destructured' };
  server?: { url: string; headers?: Record<string, string> };
  serverMessages?: string[];
  metadata?: Record<string, unknown>;
}

export interface PhoneNumber {
  id: string;
  number: string;
  /** Where it is asked which assistant answers; only for numbers that Vapi answers itself. */
  serverUrl?: string;
}

/** One entry of what has been said. Of the assistant's words only those that were played. */
export interface Turn {
  role: 'system' | 'user' | 'assistant';
  content: string;
}

/** Words on their way to the caller's ear. */
export interface Mouth {
  /** @param played is told each piece once it has sounded */
  say(words: string, played: (piece: string) => void): void;
  /** What has not sounded yet never will. */
  cut(): void;
  /** Nobody listens any more. */
  close(): void;
}

export interface CallState {
  id: string;
  /** The call at Twilio, once it is there. */
  callSid: string | null;
  status: 'queued' | 'in-progress' | 'ended';
  endedReason: string | null;
  said: Turn[];
}
