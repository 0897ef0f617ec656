import { storable } from '@throughline/llm/guardrails.js';

/** Marks that nobody says. */
const MARKS = /[*_`#~]+/g;
const THOUGHTS = /<think(?:ing)?>[\s\S]*?<\/think(?:ing)?>/gi;
/** A model that imitates how the history names colleagues would speak in their name. */
const ROLE_PLAY = /(^|\n)[ \t]*\[[^\]\n]{0,100}\bstaff\][ \t:]*/gi;
const LINKS = /\[([^\]\n]*)\]\([^)\n]*\)/g;

/**
 * What of an answer that still grows may be said already. Whatever may yet turn out to be a mark, a thought or a name in brackets waits, so what
 * was said once stays the beginning of all later answers.
 *
 * @param isWhole nothing more comes
 */
export function sayableSoFar(text: string, isWhole: boolean): string {
  const done = storable(isWhole ? text : text.replace(/[\uD800-\uDBFF]$/, '')).replace(THOUGHTS, '');
  const open = done.search(/<think(?:ing)?>/i);
  const certain = open >= 0 ? done.slice(0, open) : isWhole ? done : beforeDoubt(done);
  return certain.replace(ROLE_PLAY, '$1').replace(LINKS, '$1').replace(MARKS, '').replace(/^[ \t]*[-•][ \t]+/gm, '').replace(/\s+/g, ' ').trimStart();
}

/** A bracket that is not closed, a line that may be a bullet: nobody knows yet what becomes of them. */
function beforeDoubt(text: string): string {
  const doubts = [/<[^>\n]*$/, /\[[^\]\n]*$/, /\[[^\]\n]*\]\(?[^)\n]*$/, /\n[ \t]*[-•]?[ \t]*$/, /^[ \t]*[-•]?[ \t]*$/];
  return doubts.reduce((rest, doubt) => {
    const at = rest.search(doubt);
    return at < 0 ? rest : rest.slice(0, at);
  }, text);
}
