import { Injectable } from '@nestjs/common';
import { Database, type Tx } from '@throughline/database/database.js';
import { recordTransition, type Transition, Transitions } from '@throughline/database/transitions.js';
import { Clock } from '@throughline/kernel/clock.js';
import { conflict, invalid, notFound } from '@throughline/kernel/errors.js';
import { isUuid, uuidv7 } from '@throughline/kernel/ids.js';
import { type Heard, houseUrgencyIn } from './house-words.policy.js';
import { keyOfTerm, OwnWords } from './own-words.policy.js';
import type { AlarmWord } from './triage.types.js';
import { WordsRepository } from './words.repository.js';

/** How long another process may go by the words as they were. */
const CACHE_MS = 5_000;
const MOST_WORDS = 500;
const MOST_TENANTS = 1_000;

interface Lists {
  house: boolean;
  own: boolean;
}

const BOTH: Lists = { house: true, own: true };

type Wanted = Pick<AlarmWord, 'term' | 'urgency' | 'match' | 'languages'>;

interface Known {
  version: number;
  words: OwnWords;
  until: number;
}

/** Words that leave no doubt: the house's, and each tenant's own. */
@Injectable()
export class WordsService {
  private readonly words = new WordsRepository();
  private readonly history = new Transitions();
  private readonly known = new Map<string, Known>();

  constructor(
    private readonly database: Database,
    private readonly clock: Clock,
  ) {}

  /** What the words of a text say by themselves, the most urgent of them; null where they say nothing. */
  async urgencyIn(tx: Tx, text: string): Promise<Heard | null> {
    return heard(this.fresh(tx.tenantId) ?? (await this.ownOf(tx)), text, BOTH);
  }

  /**
   * The same in a transaction of its own, where one is needed at all.
   *
   * @param counts which lists count: a newsletter about heart attacks is none
   */
  async heardIn(tenantId: string, text: string, counts: Lists = BOTH): Promise<Heard | null> {
    return heard(this.fresh(tenantId) ?? (await this.database.transaction(tenantId, (tx) => this.ownOf(tx))), text, counts);
  }

  private fresh(tenantId: string): OwnWords | null {
    const known = this.known.get(tenantId);
    return known && known.until > this.clock.ms() ? known.words : null;
  }

  /** Compiled once for each version. */
  private async ownOf(tx: Tx): Promise<OwnWords> {
    const [known, now] = [this.known.get(tx.tenantId), this.clock.ms()];
    const version = await this.words.version(tx);
    const words = known?.version === version ? known.words : new OwnWords(version === 0 ? [] : await this.words.list(tx, null, MOST_WORDS));
    if (this.known.size >= MOST_TENANTS) this.known.clear();
    this.known.set(tx.tenantId, { version, words, until: now + CACHE_MS });
    return words;
  }

  list(tenantId: string, after: { at: Date; id: string } | null, limit: number): Promise<AlarmWord[]> {
    return this.database.transaction(tenantId, (tx) => this.words.list(tx, after, limit));
  }

  /** The same words once more, with the same meaning, are what is there. @throws HubError `conflict`; `invalid` for a term without a word */
  async add(tenantId: string, wanted: Wanted, by: string | undefined): Promise<AlarmWord> {
    const key = keyOfTerm(wanted.term);
    const least = wanted.match === 'prefix' ? 3 : 2;
    if (key.replaceAll(' ', '').length < least) throw invalid(`term: expected ${least} letters or digits at least`, [{ path: 'term', message: `expected ${least} letters or digits at least` }]);
    const at = this.clock.now();
    const word: AlarmWord = { ...wanted, id: uuidv7(at.getTime()), version: 1, createdAt: at, changedAt: at };
    const added = await this.database.transaction(tenantId, async (tx) => {
      if ((await this.words.count(tx)) >= MOST_WORDS) throw conflict('too_many_words', `There are ${MOST_WORDS} words already. Remove one first.`);
      if (await this.words.insert(tx, word, key)) {
        this.note(tx, word, 'none', `version 1`, `added: ${meaning(word)}`, by);
        return word;
      }
      const present = await this.words.ofKey(tx, key);
      if (!present || meaning(present) !== meaning(word)) throw conflict('word_exists', 'These words are there already, and mean something else. Change them instead.');
      return present;
    });
    this.known.delete(tenantId);
    return added;
  }

  /** What is left out stays. @throws HubError `conflict` when somebody else has changed it since; `not_found` */
  async change(tenantId: string, id: string, { version, ...change }: Partial<Omit<Wanted, 'term'>> & { version: number }, by: string | undefined): Promise<AlarmWord> {
    const changed = await this.database.transaction(tenantId, async (tx) => {
      const present = await this.found(tx, id);
      if (present.version !== version) throw conflict('changed_meanwhile', `This is version ${present.version} by now. Read it again before you change it.`);
      const word = { ...present, ...change, version: version + 1, changedAt: this.clock.now() };
      this.words.update(tx, word);
      this.note(tx, word, `version ${version}`, `version ${version + 1}`, meaning(word), by);
      return word;
    });
    this.known.delete(tenantId);
    return changed;
  }

  /** @throws HubError `not_found` */
  async remove(tenantId: string, id: string, by: string | undefined): Promise<void> {
    await this.database.transaction(tenantId, async (tx) => {
      const word = await this.found(tx, id);
      this.words.remove(tx, id, this.clock.now());
      this.note(tx, word, `version ${word.version}`, 'removed', 'removed', by);
    });
    this.known.delete(tenantId);
  }

  /** What was changed about a word, oldest first; also of one that is not there any more. */
  async changes(tenantId: string, id: string, after: { at: Date; id: string } | null, limit: number): Promise<Transition[]> {
    const changes = isUuid(id) ? await this.database.transaction(tenantId, (tx) => this.history.of(tx, id, after, limit)) : [];
    if (changes.length === 0 && !after) throw notFound('alarm word', id);
    return changes;
  }

  private async found(tx: Tx, id: string): Promise<AlarmWord> {
    const word = isUuid(id) ? await this.words.find(tx, id) : null;
    if (!word) throw notFound('alarm word', id);
    return word;
  }

  private note(tx: Tx, { id }: AlarmWord, from: string, to: string, what: string, by: string | undefined): void {
    recordTransition(tx, { conversationSid: null, machine: 'alarm_word', entityId: id, from, to, cause: by ? `${what}, by ${by}` : what, at: this.clock.now() });
  }
}

function heard(words: OwnWords, text: string, counts: Lists): Heard | null {
  const house = counts.house ? houseUrgencyIn(text) : null;
  const own = counts.own ? words.urgencyIn(text) : null;
  return own && own.urgency > (house?.urgency ?? 0) ? own : house;
}

const meaning = ({ urgency, match, languages }: Wanted): string => `urgency ${urgency}, ${match}${languages.length > 0 ? `, ${[...languages].sort().join(' ')}` : ''}`;
