import type { Attempt, Incident } from '../escalation/escalation.types.js';

interface Lines {
  drill: string;
  urgent: string;
  callBack: (number: string) => string;
  take: (code: string, link: string) => string;
  has: (name: string, code: string) => string;
  yours: (code: string) => string;
  calledOff: (code: string) => string;
  help: (code: string) => string;
}

const LINES: Record<string, Lines> = {
  en: {
    drill: 'DRILL.', urgent: 'urgent case.', callBack: (number) => `Call back ${number}.`, take: (code, link) => `Code ${code}: reply with it to take this, or open ${link}`,
    has: (name, code) => `${name} has taken ${code}. Nothing more to do.`, yours: (code) => `You have ${code}. The others are told.`, calledOff: (code) => `${code} was called off.`,
    help: (code) => `Nobody has taken ${code} yet. To take it, reply with ${code} and nothing before it.`,
  },
  de: {
    drill: 'ÜBUNG.', urgent: 'dringender Fall.', callBack: (number) => `Rückruf: ${number}.`, take: (code, link) => `Code ${code}: damit antworten, um zu übernehmen, oder ${link} öffnen`,
    has: (name, code) => `${name} hat ${code} übernommen. Nichts weiter zu tun.`, yours: (code) => `Sie haben ${code} übernommen. Die anderen wissen es.`, calledOff: (code) => `${code} wurde abgesagt.`,
    help: (code) => `Noch hat niemand ${code} übernommen. Zum Übernehmen mit ${code} antworten, nichts davor.`,
  },
  es: {
    drill: 'SIMULACRO.', urgent: 'caso urgente.', callBack: (number) => `Devuelva la llamada: ${number}.`, take: (code, link) => `Código ${code}: responda con él para hacerse cargo, o abra ${link}`,
    has: (name, code) => `${name} se ha hecho cargo de ${code}. Nada más que hacer.`, yours: (code) => `Usted tiene ${code}. Los demás ya lo saben.`, calledOff: (code) => `${code} se ha anulado.`,
    help: (code) => `Nadie se ha hecho cargo de ${code}. Para hacerlo, responda con ${code} y nada delante.`,
  },
  fr: {
    drill: 'EXERCICE.', urgent: 'cas urgent.', callBack: (number) => `Rappeler ${number}.`, take: (code, link) => `Code ${code} : répondez avec ce code pour prendre en charge, ou ouvrez ${link}`,
    has: (name, code) => `${name} a pris ${code} en charge. Plus rien à faire.`, yours: (code) => `Vous avez ${code}. Les autres le savent.`, calledOff: (code) => `${code} a été annulé.`,
    help: (code) => `Personne n’a encore pris ${code}. Pour le prendre, répondez ${code}, sans rien devant.`,
  },
};

export interface Told {
  business: string;
  /** `de-AT` is told as `de` is; a language that the house has no lines in as `en`. */
  language: string;
  link: string;
}

/** The words of a text about an incident. Nothing of a person is in them but the number to call back. */
export function textOf({ says }: Pick<Attempt, 'says'>, { code, callback, isDrill, state, acknowledgedBy }: Incident, { business, language, link }: Told): string {
  const lines = LINES[language.split('-')[0]!.toLowerCase()] ?? LINES['en']!;
  const about = says === 'alert' ? [lines.urgent, ...(callback ? [lines.callBack(callback)] : []), lines.take(code, link)]
    : says === 'help' ? [lines.help(code)]
      : says === 'yours' ? [lines.yours(code), ...(callback ? [lines.callBack(callback)] : [])]
        : [state === 'cancelled' ? lines.calledOff(code) : lines.has(acknowledgedBy ?? '', code)];
  return [...(isDrill ? [lines.drill] : []), `${business}:`, ...about].join(' ');
}
