import { ANY_SENDER, type ConsentWord, type Purpose, type Reach } from './contacts.types.js';

/** Whether something may be sent; and when not, because of which word, or because nobody agreed to it. */
export type Standing = { may: true } | { may: false; because: ConsentWord | null };

/**
 * What holds now, out of all that was said. An answer to what somebody asks (`service`) needs nobody's leave until they
 * say stop. Everything else needs their consent to just that: a START after a STOP only brings the answers back.
 *
 * @param words about one address and one sender, in any order; of each purpose and state the newest ones are enough
 */
export function standingOf(words: readonly ConsentWord[], purpose: Purpose): Standing {
  const covering = words.filter((word) => word.purpose === 'everything' || word.purpose === purpose);
  const out = newest(covering.filter((word) => word.state === 'opted_out'));
  const agreed = newest(covering.filter((word) => word.state === 'opted_in' && (purpose === 'service' || word.purpose === purpose)));
  if (agreed && (!out || isNewer(agreed, out))) return { may: true };
  return out || purpose !== 'service' ? { may: false, because: out } : { may: true };
}

/**
 * Whether somebody may be called. Nobody is called out of the blue: it takes their consent to calls for just that, or that they have asked for this
 * one. A later stop ends calls too, also one to our texts: whoever wants to read nothing of ours does not want to hear it either.
 *
 * @param calls about calls from this sender
 * @param texts about texts to the same number, from whichever sender
 * @param askedAt when they asked for this call; null where they did not
 */
export function callStanding(
  calls: readonly ConsentWord[], texts: readonly (ConsentWord & Pick<Reach, 'channel' | 'sender'>)[], purpose: Purpose, askedAt: Date | null,
): Standing {
  const asked: ConsentWord[] = askedAt ? [{ purpose, state: 'opted_in', changedAt: askedAt, seq: Number.MAX_SAFE_INTEGER }] : [];
  const agreed = newest([...calls.filter((word) => word.state === 'opted_in' && word.purpose === purpose), ...asked]);
  const out = newest([...calls.filter((word) => word.state === 'opted_out' && (word.purpose === 'everything' || word.purpose === purpose)), ...stopsIn(texts)]);
  return agreed && (!out || isNewer(agreed, out)) ? { may: true } : { may: false, because: out };
}

/**
 * Whether a stop to any of our senders still holds. A word about whichever of ours counts for each one that is named, and
 * for itself where none is.
 */
export function stoppedAnywhere(words: readonly (ConsentWord & Pick<Reach, 'channel' | 'sender'>)[]): boolean {
  const isNamed = ({ sender }: Pick<Reach, 'sender'>): boolean => sender !== ANY_SENDER;
  return words.some(({ channel, sender }) => {
    const there = words.filter((word) => word.channel === channel);
    if (sender === ANY_SENDER && there.some(isNamed)) return false;
    return !standingOf(there.filter((word) => word.sender === sender || !isNamed(word)), 'service').may;
  });
}

/** It decides about answers too, and not about offers alone. */
const isOfAnswers = ({ purpose }: Pick<ConsentWord, 'purpose'>): boolean => purpose === 'everything' || purpose === 'service';

/** The stops among these, where one of them still holds. */
const stopsIn = <Word extends ConsentWord & Pick<Reach, 'channel' | 'sender'>>(words: readonly Word[]): Word[] =>
  (stoppedAnywhere(words) ? words.filter((word) => word.state === 'opted_out' && isOfAnswers(word)) : []);

/** A stop on the other channel of the same stop, which ends this one too until a START here. @param own words about this way @param beside about the same address there */
export function stopBeside(own: readonly ConsentWord[], beside: readonly (ConsentWord & Pick<Reach, 'channel' | 'sender'>)[]): ConsentWord | null {
  const out = newest(stopsIn(beside));
  const back = newest(own.filter((word) => word.state === 'opted_in' && isOfAnswers(word)));
  return out && !(back && isNewer(back, out)) ? out : null;
}

/**
 * What has to be kept of somebody's words when the person is erased: where a stop still stands, the words that decide about it.
 *
 * @param gone all words about one address, whichever channel and sender
 */
export function binding<Word extends ConsentWord & Pick<Reach, 'channel' | 'sender'>>(gone: readonly Word[]): Word[] {
  const ordered = gone.toSorted((one, other) => (isNewer(one, other) ? 1 : -1));
  const newestOf = (words: readonly Word[], key: (word: Word) => string): Word[] => [...new Map(words.map((word) => [key(word), word])).values()];
  const standing = newestOf(ordered, ({ channel, sender, purpose }) => `${channel} ${sender} ${purpose}`);
  const stopped = new Set(standing.filter(({ state }) => state === 'opted_out').map(({ channel }) => channel));
  const decides = ({ channel, state, purpose }: Word): boolean => stopped.has(channel) && (state === 'opted_out' || isOfAnswers({ purpose }));
  // Beside a stop to whichever of ours, it is withdrawn rather than left out: a sender that was named is named still, and the stop counts for it.
  const general = new Set(ordered.filter(({ sender }) => sender === ANY_SENDER).map(({ channel }) => channel));
  const agreed = ({ channel, state, purpose }: Word): boolean => general.has(channel) && state === 'opted_in' && purpose !== 'everything' && purpose !== 'service';
  const ended = ordered.map((word) => (agreed(word) ? { ...word, state: 'opted_out' as const } : word));
  const deciding = new Set(newestOf(ended.filter(decides), ({ channel, sender, purpose, state }) => `${channel} ${sender} ${purpose} ${state}`));
  return ended.filter((word) => deciding.has(word));
}

const newest = (words: readonly ConsentWord[]): ConsentWord | null =>
  words.reduce<ConsentWord | null>((found, word) => (found === null || isNewer(word, found) ? word : found), null);

const isNewer = (word: ConsentWord, other: ConsentWord): boolean =>
  word.changedAt.getTime() === other.changedAt.getTime() ? word.seq > other.seq : word.changedAt > other.changedAt;
