type FeedEvent = 'message' | 'status' | 'call' | 'heard' | 'relay' | 'conference' | 'call-problem' | 'conversation' | 'request' | 'webhook' | 'phone' | 'clock' | 'fault' | 'reset';

export type FeedListener = (event: FeedEvent, data: unknown) => void;

/** What happens, as it happens: the page of phones and the journeys listen here instead of asking again and again. */
export class Feed {
  private readonly listeners = new Set<FeedListener>();

  emit(event: FeedEvent, data: unknown): void {
    for (const listener of this.listeners) listener(event, data);
  }

  listen(listener: FeedListener): () => void {
    this.listeners.add(listener);
    return () => this.listeners.delete(listener);
  }
}
