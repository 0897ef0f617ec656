import { de } from './de.js';
import { en } from './en.js';
import { es } from './es.js';
import { fr } from './fr.js';
import type { WidgetWords } from './words.types.js';

const languages: Record<string, WidgetWords> = { en, de, es, fr };

/** @param wishes BCP 47 tags, the most important first */
export function localeOf(wishes: (string | null | undefined)[]): string {
  return wishes.find((wish) => wish && languages[languageOf(wish)]) ?? 'en';
}

export const wordsIn = (locale: string): WidgetWords => languages[languageOf(locale)] ?? en;

const languageOf = (tag: string): string => tag.toLowerCase().split(/[-_]/)[0]!;
