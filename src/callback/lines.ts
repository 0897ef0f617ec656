import { inLanguage, oneLine } from '@throughline/kernel/words.js';

interface Lines {
  onThePhone: (taker: string) => string;
  onThePhoneUnknown: (taker: string) => string;
  calledBackAt: (taker: string, number: string) => string;
  calledBack: (taker: string) => string;
}

/** Each begins with the name: that is how it is known whether it was said. */
const LINES: Record<string, Lines> = {
  en: {
    onThePhone: (taker) => `${taker} is on it. You may stay on the line, or hang up and be called back.`, onThePhoneUnknown: (taker) => `${taker} is on it. Please stay on the line.`,
    calledBackAt: (taker, number) => `${taker} is on it and will call you back at ${number}.`, calledBack: (taker) => `${taker} is on it and will get back to you.`,
  },
  de: {
    onThePhone: (taker) => `${taker} kümmert sich darum. Sie können in der Leitung bleiben oder auflegen und werden zurückgerufen.`,
    onThePhoneUnknown: (taker) => `${taker} kümmert sich darum. Bitte bleiben Sie in der Leitung.`,
    calledBackAt: (taker, number) => `${taker} kümmert sich darum und ruft Sie unter ${number} zurück.`, calledBack: (taker) => `${taker} kümmert sich darum und meldet sich bei Ihnen.`,
  },
  es: {
    onThePhone: (taker) => `${taker} se ocupa de ello. Puede seguir en línea, o colgar y le llamaremos.`, onThePhoneUnknown: (taker) => `${taker} se ocupa de ello. Por favor, siga en línea.`,
    calledBackAt: (taker, number) => `${taker} se ocupa de ello y le llamará al ${number}.`, calledBack: (taker) => `${taker} se ocupa de ello y se pondrá en contacto con usted.`,
  },
  fr: {
    onThePhone: (taker) => `${taker} s’en occupe. Vous pouvez rester en ligne, ou raccrocher et être rappelé.`, onThePhoneUnknown: (taker) => `${taker} s’en occupe. Veuillez rester en ligne.`,
    calledBackAt: (taker, number) => `${taker} s’en occupe et vous rappellera au ${number}.`, calledBack: (taker) => `${taker} s’en occupe et vous recontactera.`,
  },
};

export interface Waiting {
  taker: string;
  /** They are on the phone with us. */
  call: { hasNumber: boolean } | null;
  callback: string | null;
  /** Where the words go: no number but this one is named in them. */
  writtenTo: string | null;
}

/** @param language `de-AT` is told as `de` is; a language that the house has no lines in as `en` */
export function wordsFor(language: string, { taker: name, call, callback, writtenTo }: Waiting): string {
  const lines = inLanguage(LINES, language);
  const taker = oneLine(name);
  if (call) return call.hasNumber ? lines.onThePhone(taker) : lines.onThePhoneUnknown(taker);
  return callback && callback === writtenTo ? lines.calledBackAt(taker, callback) : lines.calledBack(taker);
}
