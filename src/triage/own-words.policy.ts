import type { Heard } from './house-words.policy.js';
import { normal, tokensOf } from './text.policy.js';
import type { AlarmWord } from './triage.types.js';

/** What is looked for, and how urgent it is. */
type Term = Pick<AlarmWord, 'term' | 'urgency' | 'match' | 'languages'>;

interface Compiled extends Term {
  tokens: string[];
}

/** Words that only one of these languages has, and that most sentences of it have. */
const SIGNS: Record<string, ReadonlySet<string>> = {
  en: new Set(['the', 'is', 'are', 'and', 'you', 'my', 'have', 'has', 'it', 'this', 'of', 'to', 'with', 'please', 'not', 'we', 'our', 'for', 'what']),
  de: new Set(['der', 'die', 'das', 'ist', 'und', 'ich', 'nicht', 'ein', 'eine', 'mein', 'meine', 'bitte', 'wir', 'mit', 'auf', 'haben', 'habe', 'zu', 'fur']),
  es: new Set(['el', 'los', 'las', 'una', 'que', 'esta', 'por', 'mi', 'tengo', 'hay', 'y', 'favor', 'muy', 'del', 'para', 'con', 'como', 'hola']),
  fr: new Set(['le', 'les', 'une', 'est', 'et', 'je', "j'ai", 'ai', 'pas', 'mon', 'ma', 'vous', 'nous', 'du', 'des', 'avec', 'il', 'elle', 'bonjour']),
};

/** The language of a text, where its small words leave no doubt. */
export function languageOf(tokens: readonly string[]): string | null {
  const counts = Object.entries(SIGNS).map(([language, signs]) => ({ language, count: tokens.filter((token) => signs.has(token)).length })).sort((a, b) => b.count - a.count);
  const [first, second] = counts as [{ language: string; count: number }, { language: string; count: number }];
  return first.count >= 2 && first.count >= 2 * second.count + 1 ? first.language : null;
}

/** What a term is compared by: `Gefrier-Raum` and `gefrier raum` are one. Empty where it has no word. */
export const keyOfTerm = (term: string): string => tokensOf(normal(term)).join(' ');

/** A tenant's own words, read once and asked often. What a text costs grows with its length, not with the number of words that are looked for. */
export class OwnWords {
  private readonly whole = new Map<string, Compiled[]>();
  private readonly prefixes = new Map<string, Compiled[]>();

  constructor(terms: readonly Term[]) {
    for (const term of terms) {
      const tokens = keyOfTerm(term.term).split(' ');
      // Of several words only the last one may go on.
      const isPrefix = term.match === 'prefix' && tokens.length === 1;
      const [first, map] = [tokens[0]!, isPrefix ? this.prefixes : this.whole];
      if (first !== '') map.set(first, [...(map.get(first) ?? []), { ...term, tokens }]);
    }
  }

  /** The most urgent of those that are in it; null when none is. */
  urgencyIn(text: string): Heard | null {
    if (this.whole.size + this.prefixes.size === 0) return null;
    const tokens = tokensOf(normal(text));
    const found = tokens.flatMap((token, at) => [...(this.whole.get(token) ?? []).filter((term) => goesOn(term, tokens, at)), ...this.begunBy(token)]);
    if (found.length === 0) return null;
    const language = languageOf(tokens);
    const meant = found.filter(({ languages }) => isSpoken(languages, language)).sort((a, b) => b.urgency - a.urgency)[0];
    return meant ? { urgency: meant.urgency, words: meant.term } : null;
  }

  private begunBy(token: string): Compiled[] {
    if (this.prefixes.size === 0) return [];
    return Array.from({ length: Math.min(token.length, LONGEST_TOKEN) }, (_, i) => this.prefixes.get(token.slice(0, i + 1)) ?? []).flat();
  }
}

const LONGEST_TOKEN = 60;

function goesOn({ tokens: wanted, match }: Compiled, tokens: readonly string[], at: number): boolean {
  const last = wanted.length - 1;
  return wanted.every((token, i) => {
    const present = tokens[at + i];
    return present !== undefined && (match === 'prefix' && i === last ? present.startsWith(token) : present === token);
  });
}

/** Where it is not sure which language a text is in, the word counts. */
const isSpoken = (languages: readonly string[], spoken: string | null): boolean =>
  spoken === null || languages.length === 0 || languages.some((language) => language === spoken || !(language in SIGNS));
